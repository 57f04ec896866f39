"""File by file: what somebody might hand in, and what is said to it. The numbers are those of the hostile corpus.

Rows 39, 41, 42 and 44 concern the way in and the store: tests/units/test_files.py.
"""

import io
import resource
import socket
import subprocess
import tempfile
import time
import zipfile

import pytest

from phongtho_thidua.lib.files import LARGEST, examine
from tests.lib import hostile

TAKEN = {"pdf", "png", "jpg", "docx", "xlsx"}
# number: what is taken, or the words that say why not
VERDICTS = {
    "1": "không phải PDF",  # HTML under the name of a PDF
    "2": "PDF hỏng",  # PDF and HTML at once
    "2b": "không phải PDF",
    "3": "không phải PDF",  # GIF and zip at once
    "4": "không phải PDF",  # SVG
    "5": "không phải PDF",  # SVG under the name of a PNG
    "6": "png",  # text chunks are left out
    "7": "jpg",  # so are place, device and script
    "8": "40 triệu điểm ảnh",
    "9": "40 triệu điểm ảnh",
    "10": "ảnh hỏng",
    "11": "png",  # the first picture of 10,001
    "12": "có mã lệnh",
    "12b": "có mã lệnh",  # written with escapes
    "13": "có lệnh mở chương trình khác",
    "14": "có tệp khác nhúng",
    "15": "có mật khẩu bảo vệ. Bỏ mật khẩu rồi tải lại.",
    "16": "hơn 2.000 trang",
    "16b": "hơn 2.000 trang",  # which says that it has one
    "17": "PDF hỏng",
    "18": "pdf",  # never unpacked by us
    "18b": "PDF quá phức tạp",  # a bomb that any reader must unpack
    "19": "không phải PDF",  # the rule: a PDF begins as one
    "20": "phình ra quá lớn",
    "21": "hơn 50.000 dòng",
    "22": "ngoài vùng cho phép",
    "23": "hơn 50.000 dòng",  # counted, not believed
    "24": "khai báo XML lạ",
    "25": "khai báo XML lạ",
    "26": "xlsx",  # as evidence; not to be read from
    "26b": "lấy nội dung từ nơi khác",
    "26c": "DDE",
    "27": "có macro",
    "28": "dài hơn 32.767 ký tự",
    "29": "xlsx",  # as evidence; not to be read from
    "30": "có tệp khác nhúng",
    "31": "cấu trúc tệp sai lệch",
    "32": "cấu trúc tệp sai lệch",
    "33": "quá nhiều phần",
    "34": "cấu trúc tệp sai lệch",
    "34b": "cấu trúc tệp sai lệch",
    "35": "cấu trúc tệp sai lệch",
    "36": "khai báo XML lạ",
    "37": "lấy nội dung từ nơi khác",
    "37b": "lấy nội dung từ nơi khác",
    "38": "DDE",
    "38b": "DDE",  # cut into runs
    "40": "tệp trống",
    "40b": "tệp trống",
    "43": "không phải PDF",
}
TO_READ = {"26": "liên kết đến bảng tính khác", "29": "ô B7 là công thức chưa có kết quả"}


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Whatever a file asks for: nobody is called and nothing is started."""

    def refuse(*told, **more):
        raise AssertionError("a file reached beyond itself")

    for owner, name in ((socket, "socket"), (subprocess, "Popen"), (tempfile, "mkstemp"), (zipfile.ZipFile, "extract")):
        monkeypatch.setattr(owner, name, refuse)


def judged(data: bytes, name: str = "Biên bản.pdf", **how):
    return examine(io.BytesIO(data), name, **how)


@pytest.mark.parametrize("number", VERDICTS)
def test_the_hostile_corpus(number):
    data, expected = hostile.CORPUS[number](), VERDICTS[number]
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    verdict = judged(data)
    took, grown = time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if expected in TAKEN:
        assert (verdict.kind, verdict.refused) == (expected, "")
    else:
        assert verdict.kind == ""
        assert verdict.refused.startswith("Không nhận tệp này: ")
        assert expected in verdict.refused
    assert took < 5  # seconds of our own: how busy the machine is says nothing about the file
    assert grown < 300 << 10  # KiB beyond what building the file took


@pytest.mark.parametrize("number", TO_READ)
def test_what_is_read_from_is_looked_at_more_closely(number):
    assert TO_READ[number] in judged(hostile.CORPUS[number](), to_read=True).refused


def test_every_row_has_its_verdict():
    assert set(VERDICTS) == set(hostile.CORPUS)
    assert {int(number.rstrip("bc")) for number in VERDICTS} == set(range(1, 45)) - {39, 41, 42, 44}


@pytest.mark.parametrize("number", ["18b", "20", "32"])
def test_nothing_is_unpacked_beyond_its_bounds(number):
    """The same verdict in a process that could not hold what the file unpacks to."""
    data = hostile.CORPUS[number]()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()  # noqa: SIM115, PTH123
    resource.setrlimit(resource.RLIMIT_AS, (used + (200 << 20), hard))
    try:
        verdict = judged(data)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert VERDICTS[number] in verdict.refused


def test_a_file_of_the_largest_size_is_taken_and_one_byte_more_is_not():
    whole = hostile.pdf()
    room = LARGEST - len(whole)
    fitting = hostile.pdf(hostile.stream(b"0" * (room - 110), b""))
    fitting += b"\n" * (LARGEST - len(fitting))
    assert judged(fitting).kind == "pdf"
    assert "lớn hơn 20 MB" in judged(fitting + b"\n").refused
