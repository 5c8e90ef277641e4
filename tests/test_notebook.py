"""An executed notebook is evidence only if it ran whole, in order, and holds nothing live and no
trace of a machine."""

import json
import random
from pathlib import Path

import pytest

from helpers.intake import notebook
from helpers.intake.finding import Refused

ROOT = Path(__file__).resolve().parents[1]


def code(source="1", count=1, outputs=(), **rest):
    return {
        "cell_type": "code",
        "id": f"c{count}",
        "execution_count": count,
        "metadata": {},
        "outputs": list(outputs),
        "source": source,
    } | rest


def shown(kind, data):
    return {"output_type": "display_data", "metadata": {}, "data": {kind: data}}


def said(tmp_path, *cells, **rest):
    path = tmp_path / "run.ipynb"
    book = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3"}},
        "cells": list(cells),
    } | rest
    path.write_text(json.dumps(book, ensure_ascii=False), "utf-8")
    return [
        str(finding).removeprefix("run.ipynb:") for finding in notebook.check(path, "run.ipynb")
    ]


def output(tmp_path, kind, data):
    return said(tmp_path, code(outputs=[shown(kind, data)]))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.name
)
def test_our_own_notebooks_pass(path):
    assert notebook.check(path, path.name) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<SCRIPT\n>x",
        "</td><script src=x>",
        "< script>",
        "<svg/onload=alert(1)>",
        "<img src=x onerror=alert(1)>",
        '<img alt=">" src="x" onerror="alert(1)">',
        "<img alt = '>' title=\">>\" onerror=alert(1)>",
        '<img alt=a"b onerror=alert(1)>',
        '<img alt="<" onerror=alert(1)>',
        "<img src='x'onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' java\tscript:alert(1)'>x</a>",
        "<a href=&#106;avascript:alert(1)>x</a>",
        '<a href="JaVaScRiPt:alert(1)">x</a>',
        "<a href='vbscript:x'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<iframe src=x>",
        "<object data=x>",
        "<embed src=x>",
        "<base href=x>",
        "<meta http-equiv=refresh content=0>",
        "<link rel=stylesheet href=x>",
        "<form action=x>",
        "<img src=https://example.org/x.png>",
        "<img src='//example.org/x.png'>",
        "<img srcset='https://example.org/x 2x'>",
        "<style>@import 'https://example.org/x.css';</style>",
        "<style>p{background:url(https://example.org/x)}</style>",
        "<style>p{}</style><STYLE>@import 'https://example.org/x.css'",
        "<svg><style><![CDATA[</style>p{background:url(https://example.org/x)}]]></style></svg>",
        "<p style='background:url(https://example.org/x)'>",
        "<svg><foreignObject><p>x</p></foreignObject></svg>",
        "<svg:script>x</svg:script>",
        "<svg><animate attributeName=href values=javascript:x /></svg>",
        "<video poster='https://example.org/x'>",
        "<iframe srcdoc='x'>",
    ],
)
@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "text/markdown"])
def test_what_would_run_or_fetch_in_a_page_is_refused(tmp_path, kind, text):
    assert any(sentence.startswith("cell 1: ") for sentence in output(tmp_path, kind, text))
    assert any(
        sentence.startswith("cell 1: ")
        for sentence in said(
            tmp_path, {"cell_type": "markdown", "id": "m", "metadata": {}, "source": [text]}
        )
    )


@pytest.mark.parametrize(
    "text",
    [
        "[公报](javascript:alert(1))",
        "[x]( <JavaScript:alert(1)>)",
        "[x]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "[x](&#x6A;avascript:alert(1))",
    ],
)
def test_a_link_that_runs_is_refused_in_markdown(tmp_path, text):
    assert output(tmp_path, "text/markdown", text) == [
        "cell 1: javascript: — 链接会执行脚本 — 请去掉；报告里只许有静态的文字、表格和图片"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<table><tr><td>&lt;script&gt;alert(1)&lt;/script&gt;</td></tr></table>",
        "<p>on time = 3</p>",
        "<td>&lt;img src=x onload=alert(1)&gt; onload=x</td>",
        '<td title="a">规划写 "b" onload=1 > 0</td>',
        "<a href='https://example.org/home/x'>公报</a>",
        "<a href='#note'>1</a>",
        "<style>td {text-align: left}</style>",
        "<style>td {text-align: left}</style><td>javascript: 与 url(https://example.org/x)</td>",
        "<img src='data:image/png;base64,AAAA'>",
        "<svg><use xlink:href='#glyph'/></svg>",
        "<p>第 10.1 页，javascript 是一种语言</p>",
    ],
)
def test_what_only_speaks_of_such_things_is_not(tmp_path, text):
    assert output(tmp_path, "text/html", text) == []


@pytest.mark.parametrize(
    "kind",
    [
        "application/javascript",
        "text/javascript",
        "application/vnd.jupyter.widget-view+json",
        "application/vnd.plotly.v1+json",
        "application/vnd.bokehjs_exec.v0+json",
        "application/pdf",
        "",
    ],
)
def test_only_known_kinds_of_output_may_enter_a_report(tmp_path, kind):
    assert output(tmp_path, kind, "1")[0].endswith(
        "这种输出在网页里可能执行脚本，不能进入报告 — 请改用文字、表格或图片"
    )


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("read /home/zhangsan/a.csv", "/home/zhangsan/a.csv"),
        ("'/Users/li/x'", "/Users/li/x"),
        ("/root/x", "/root/x"),
        ("in /tmp/tmpa1/x", "/tmp/tmpa1/x"),
        ("C:\\Users\\李\\a.csv", "C:\\Users\\李\\a.csv"),
        ("D:\\数据\\a.csv", "D:\\数据\\a.csv"),
        ("\\\\fileserver\\share\\a", "\\\\fileserver\\share"),
        ("file:///etc/x", "file:///etc/x"),
        ("<Figure object at 0x7f8afc0da630>", "at 0x7f8afc0da630"),
        ("http://192.168.1.20/x", "192.168.1.20"),
        ("http://localhost:8888/lab", "localhost:8888"),
    ],
)
def test_traces_of_a_machine_are_refused_wherever_they_stand(tmp_path, text, trace):
    sentence = f"cell 1: {trace} — 留有本机的路径或地址 — 请改用相对路径，去掉后重新执行"
    assert sentence in output(tmp_path, "text/plain", text)
    assert sentence in said(
        tmp_path, code(outputs=[{"output_type": "stream", "name": "stdout", "text": [text]}])
    )
    assert sentence in said(tmp_path, code(f"# {text}"))
    assert sentence in said(tmp_path, code(metadata={"papermill": {"path": text}}))
    assert sentence.replace("cell 1", "metadata", 1) in said(
        tmp_path, metadata={"kernelspec": {"name": "python3"}, "papermill": {"input_path": text}}
    )


@pytest.mark.parametrize(
    "text",
    [
        "data/raw/example/observations.csv",
        "https://example.org/home/x",
        "../tmp/x",
        "1/tmp",
        "12.5、10.1",
        "0x7f",
        "结构/类型/来源",
    ],
)
def test_relative_paths_and_figures_are_no_traces(tmp_path, text):
    assert output(tmp_path, "text/plain", text) == []


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("!ls", "!ls"),
        ("x = 1\n  !pip install y", "!pip install y"),
        ("files = !ls", "files = !ls"),
        ("%%bash\nls", "%%bash"),
        ("%system ls", "%system ls"),
        ("%pip install x", "%pip install x"),
        ("import os\nos.system('ls')", "os.system("),
        ("subprocess.run(['ls'])", "subprocess.run("),
        ("get_ipython().system('ls')", "get_ipython().system("),
        ("%%javascript\nx", "%%javascript"),
    ],
)
def test_a_cell_that_calls_the_system_is_refused(tmp_path, source, told):
    assert said(tmp_path, code(source)) == [
        f"cell 1: {told} — 调用了系统命令 — 评估只用 Python 的函数；请删去这一行"
    ]


@pytest.mark.parametrize(
    "source",
    ["x != 1", "a = b != c", "f'{x!r}'", "100 % 7", "%matplotlib inline", "# see !important"],
)
def test_python_is_no_shell(tmp_path, source):
    assert said(tmp_path, code(source)) == []


def test_cells_run_once_each_from_the_top(tmp_path):
    again = "请用 make assess 或“重启内核并运行全部”重新执行"
    text = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "一、数据"}
    assert (
        said(tmp_path, text, code(count=1), code("", count=None, id="e"), code(count=2)) == []
    )  # an empty cell is never counted
    assert said(tmp_path, text, code(count=1), code(count=3)) == [
        f"cell 3: 3 — 不是从头到尾依次执行的，应为第 2 次 — {again}"
    ]
    assert said(tmp_path, code(count=1), code(count=None)) == [f"cell 2: 这一格没有执行 — {again}"]
    assert said(tmp_path, code(count=True)) == [
        f"cell 1: True — 不是从头到尾依次执行的，应为第 1 次 — {again}"
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "run.ipynb:1: 不是完整的笔记本（JSON） — 请重新执行或重新取得文件"),
        (
            b'{"nbformat": 4, "cells": [',
            "run.ipynb:1: 不是完整的笔记本（JSON） — 请重新执行或重新取得文件",
        ),
        (b"\xff\xfe{", "run.ipynb: 不是 UTF-8 编码 — 请用 JupyterLab 另存"),
        (
            b'{"nbformat": 4, "nbformat": 4}',
            "run.ipynb:nbformat: JSON 里同一个名称写了两次 — 请重新执行笔记本",
        ),
        (b"[]", "run.ipynb: 不是笔记本 — 应为 Jupyter 的 .ipynb 文件（nbformat 4）"),
        (
            b'{"nbformat": 5, "cells": [], "metadata": {}}',
            "run.ipynb:nbformat: 5 — 不是第 4 版的笔记本格式 — 请用现在的 JupyterLab 打开并另存",
        ),
    ],
)
def test_a_file_that_is_no_notebook_is_told_in_one_sentence(tmp_path, content, sentence):
    (tmp_path / "run.ipynb").write_bytes(content)
    assert [str(finding) for finding in notebook.check(tmp_path / "run.ipynb", "run.ipynb")] == [
        sentence
    ]
    with pytest.raises(Refused):
        notebook.refuse([tmp_path / "run.ipynb"])


def test_what_clears_a_text_of_traces_at_once_never_clears_one_that_has_any():
    """Pieces of all kinds of trace, put together by chance: wherever the pattern finds one, the
    quick look has seen it too."""
    chance = random.Random(1)
    pieces = (
        *("/", "home/", "Users/", "root", "tmp/", "private/", "mnt/", "media/", "var/", "usr/"),
        *("workspace/", "local/", "file:", "//", "\\", "C:", "\\\\", "a", "数", "at ", "0x", "12"),
        *("7f8af", "localhost", ":", "8888", "10", "127", "192", "168", "172", "16", ".", " ", "-"),
    )
    traced = 0
    for _ in range(200_000):
        text = "".join(chance.choices(pieces, k=chance.randint(2, 7)))
        if notebook.TRACE.search(text):
            traced += 1
            assert any(held in text for held in notebook.HOLDS) or notebook.NUMBERS.search(text)
    assert traced > 2_000
