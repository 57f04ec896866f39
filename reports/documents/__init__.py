"""From one frozen view of the data to the three faces of a document: snapshot, paper, files."""
