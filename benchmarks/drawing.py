"""`python -m benchmarks.drawing pdf|docx|xlsx SNAPSHOT.json`: draws one document and tells what it took, as JSON."""

import json
import resource
import sys
import time
from pathlib import Path

import django


def main(face: str, source: Path) -> None:
    django.setup()
    from phongtho_thidua.lib.documents import docx, pdf, xlsx
    from phongtho_thidua.lib.documents.model import Document, Letterhead, Paragraph, Signature
    from reports.documents import paper, snapshot

    render = {"pdf": pdf.render, "docx": docx.render, "xlsx": xlsx.render}[face]
    render(Document(
        subject="Thử", letterhead=Letterhead("UBND huyện", "Phòng Nội vụ"), symbol="BC-NV", place="Phong Thổ",
        addressees=("Hội đồng",), bases=(), blocks=(Paragraph.of("Một dòng."),), annexes=(),
        signature=Signature(("Trưởng phòng",)), distribution=("Lưu: VT",), sample=False, reference="",
    ))  # fmt: skip
    text = source.read_text(encoding="utf-8")
    began = time.process_time()
    content = render(paper.paper_of(text, snapshot.digest_of(text)))
    seconds = time.process_time() - began
    source.with_suffix(f".{face}").write_bytes(content)
    print(json.dumps({"seconds": seconds, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
