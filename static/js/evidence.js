/* Says what was chosen before it is sent, and sends it once. Without this script the form works as it is.
   <form data-evidence> holds <input type="file"> and <p data-chosen role="status">. */
"use strict";
(() => {
  const LARGEST = 20 * 1024 * 1024, TOGETHER = 60 * 1024 * 1024;
  const megabytes = (bytes) => `${Math.max(bytes / 1e6, 0.1).toLocaleString("vi", { maximumFractionDigits: 1 })} MB`;

  function told(files) {
    const large = files.filter((file) => file.size > LARGEST).map((file) => file.name);
    const whole = files.reduce((sum, file) => sum + file.size, 0);
    if (large.length) return `Lớn hơn 20 MB, sẽ không nhận được: ${large.join(", ")}.`;
    if (whole > TOGETHER) return `Tất cả ${megabytes(whole)}, một lần gửi nhiều nhất 60 MB. Chọn ít tệp hơn.`;
    return files.length ? `Đã chọn ${files.length} tệp, ${megabytes(whole)}.` : "";
  }

  for (const form of document.querySelectorAll("form[data-evidence]")) {
    const input = form.querySelector("input[type=file]"), words = form.querySelector("[data-chosen]");
    let sent = false;
    input.addEventListener("change", () => { words.textContent = told([...input.files]); });
    form.addEventListener("submit", (event) => {
      if (sent) return event.preventDefault();
      sent = true;
      if (input.files.length) words.textContent = "Đang tải lên… Để mở trang đến khi xong.";
    });
    window.addEventListener("pageshow", () => { sent = false; });
  }
})();
