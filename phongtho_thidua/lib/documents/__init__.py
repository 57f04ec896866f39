"""One document, three faces: `model` says what is printed, `pdf`, `docx` and `xlsx` print it, `screen` shows it."""
