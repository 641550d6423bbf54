"""Command line of bench/run."""
import argparse
import shutil

from . import cases, control, forecast, language, machine, paper, picture, report, start
from .level import LEVELS
from .models import Models
from .rounds import Rounds
from .tools import MODEL_PACKAGES, ROOT, RUNTIME_PACKAGES, Tools, say

FAMILIES = [language, paper, control, picture, forecast, start]


def check_packages(tools, families):
    """Says what is missing in a line, before anything is built; ends if no model can be made."""
    absent = tools.absent_packages(MODEL_PACKAGES + RUNTIME_PACKAGES)
    required = [package for package in absent if package in MODEL_PACKAGES]
    advice = f"pip install {' '.join(absent)}, or name another Python with --python"
    if required and families != {start} and not Models(tools).folder.is_dir():
        raise SystemExit(f"bench/run: the models are made with Python, which lacks {', '.join(required)}: {advice}")
    if absent:
        say(f"bench/run: some runtimes are left out, since Python lacks {', '.join(absent)}: {advice}")


def main(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help='such as "220M tg32 t1"')
    parser.add_argument("--quick", action="store_true", help="few cases and runtimes, one round")
    parser.add_argument("--full", action="store_true", help="all cases, six rounds")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--fresh", action="store_true", help="forget earlier samples")
    parser.add_argument("--no-build", action="store_true", help="what is built already is up to date")
    parser.add_argument("--level", choices=LEVELS, help="caps all runtimes at these instructions; results go to a folder of their own")
    parser.add_argument("--only", help="regular expression of the runtimes' names")
    parser.add_argument("--python", default=shutil.which("python3"))
    parser.add_argument("--llama", metavar="DIR", help="folder of libllama and ggml's libraries")
    parser.add_argument("--sources", metavar="DIR", help="folder with checkouts of NX-AI/xlstm, vision-lstm and tirex")
    options = parser.parse_args()
    chosen = options.cases or (cases.QUICK if options.quick else cases.FULL if options.full else cases.DEFAULT)
    for text in chosen:
        if not cases.family_of(cases.parse(text), FAMILIES):
            parser.error(f"no case {text}; such as: {', '.join(cases.DEFAULT)}")
    rounds, repeats = (1, 3) if options.quick else (6, 3) if options.full else (2, 4)
    cpu, slug = machine.cpu()
    level = LEVELS.get(options.level)
    folder = ROOT / "bench" / "results" / (f"{slug}-{level.name}" if level else slug)
    folder.mkdir(parents=True, exist_ok=True)
    tools = Tools(options.python, options.llama, options.sources, level, rebuild=not options.no_build)
    check_packages(tools, {cases.family_of(cases.parse(text), FAMILIES) for text in chosen})
    if tools.rebuild:
        tools.build()
    about = {"commit": machine.commit(ROOT), "versions": machine.versions(tools), **({"level": level.name} if level else {})}
    table = Rounds(tools, Models(tools), folder, about, options.fresh)
    turns = []
    for case in map(cases.parse, chosen):
        turns += table.turns(cases.family_of(case, FAMILIES), case, options.rounds or rounds, options.only, options.quick)
    table.measure(turns, repeats)
    report.write(folder, cpu, level, table.samples, table.absent, FAMILIES, tools)
    say(f"written: {folder.relative_to(ROOT)}/table.md")
