"""Bring a fresh clone to where Cailan runs: environment, packages, front end, catalogues. Again: in no time.

`python3 tools/bootstrap.py [--dev] [--browser]`; standard library only, for it runs before anything is
installed. Each step remembers in a stamp file what it was made from, and does nothing when that is unchanged.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 (this is where an older one is refused)
    sys.exit(
        "Cailan needs Python 3.11 or newer, this is {}.{}: install one and name it, as in "
        "`make up PYTHON=python3.12`.".format(*sys.version_info)
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
DIST = ROOT / "src" / "cailan" / "static" / "dist"
FONTS_FROM = FRONTEND / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
FONTS = ROOT / "src" / "cailan" / "labels" / "data" / "fonts"
FONT_FILES = (
    "400Regular/NotoSansSC_400Regular.ttf",
    "700Bold/NotoSansSC_700Bold.ttf",
    "LICENSE_FONT",
)
OLDEST_NODE = (20, 19)
BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk")


def main(arguments: list[str]) -> None:
    """Run the steps; exit with one sentence when one cannot be done."""
    os.chdir(ROOT)
    try:
        make_environment()
        install("base")
        if "--dev" in arguments:
            install("dev")
        build_frontend()
        run("compiling the message catalogues", PYTHON, "-m", "tools.messages", "compile", quiet=True)
        if "--browser" in arguments:
            provide_browser()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(map(str, error.cmd))} failed with status {error.returncode}: see above.")


def run(what: str, *command: object, quiet: bool = False, folder: Path = ROOT) -> None:
    """Run one command, said before and timed after."""
    began = time.monotonic()
    if not quiet:
        print(f"{what} …", flush=True)
    subprocess.run([str(part) for part in command], check=True, cwd=folder)
    if not quiet:
        print(f"  done ({time.monotonic() - began:.0f} s)", flush=True)


def works(*command: object) -> bool:
    """Tell whether a command succeeds."""
    done = subprocess.run([str(part) for part in command], check=False, capture_output=True)
    return done.returncode == 0


def fingerprint(*paths: Path) -> str:
    """Return one hash over the names and contents of files."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return whole.hexdigest()


def make_environment() -> None:
    """Make `.venv` where there is none that works, and make the package importable in it."""
    if not PYTHON.exists() or not works(PYTHON, "-m", "pip", "--version"):
        provide_venv()
        run("making the Python environment in .venv", sys.executable, "-m", "venv", "--clear", VENV)
    version = subprocess.check_output(
        [PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], text=True
    )
    packages = VENV / "lib" / f"python{version.strip()}" / "site-packages"
    # Relative, so that it holds in any encoding and after the clone has moved.
    (packages / "cailan.pth").write_text("../../../../src\n", encoding="ascii")


def provide_venv() -> None:
    """Refuse, or as root install, what Debian leaves out of its Python."""
    if works(sys.executable, "-c", "import ensurepip"):
        return
    name = "python{}.{}-venv".format(*sys.version_info)
    if os.geteuid() != 0 or not apt_install(name):
        sys.exit(f"This Python cannot make environments: `apt install {name}` (or python3-venv), then again.")


def install(requirements: str) -> None:
    """Install one lock file, hashes checked."""
    lock = ROOT / "requirements" / f"{requirements}.txt"
    stamp = VENV / f".cailan-{requirements}"
    made_from = fingerprint(lock)
    if stamp.exists() and stamp.read_text() == made_from:
        return
    total = sum(1 for line in lock.read_text().splitlines() if "==" in line)
    print(f"installing {total} Python packages from requirements/{lock.name} …", flush=True)
    began = time.monotonic()
    command = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
    ]
    with subprocess.Popen([*command, "-r", lock], stdout=subprocess.PIPE, text=True) as pip:
        show_progress(pip, total)
    if pip.returncode != 0:
        raise subprocess.CalledProcessError(pip.returncode, "pip install")
    stamp.write_text(made_from)
    print(f"  done ({time.monotonic() - began:.0f} s)", flush=True)


def show_progress(pip: "subprocess.Popen[str]", total: int) -> None:
    """Tell every tenth package that pip collects, every one on a terminal."""
    collected = 0
    for line in pip.stdout or ():
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            collected += 1
            name = (
                line.removeprefix("Requirement already satisfied: ")
                .removeprefix("Collecting ")
                .split("==")[0]
            )
            if sys.stdout.isatty():
                print(f"\r  {collected}/{total} {name:40.40}", end="", flush=True)
            elif collected % 10 == 0:
                print(f"  {collected}/{total}", flush=True)
        elif line.startswith("Installing collected"):
            print(("\r" if sys.stdout.isatty() else "") + f"  unpacking {' ':50}", flush=True)


def build_frontend() -> None:
    """Build scripts and styles with Node and bring the fonts; what is there and unchanged needs none."""
    if not (FRONTEND / "package.json").exists():
        return
    locks = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    sources = [path for path in FRONTEND.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    stamp, made_from = DIST / ".cailan-built", fingerprint(*sources)
    if stamp.exists() and stamp.read_text() == made_from and has_fonts():
        return
    require_node()
    installed, packages = FRONTEND / "node_modules" / ".cailan-installed", fingerprint(*locks)
    if not installed.exists() or installed.read_text() != packages:
        quietly = ("--no-fund", "--no-audit", "--loglevel=error")
        run("installing the front end's packages", "npm", "ci", *quietly, folder=FRONTEND)
        installed.write_text(packages)
    run("building the front end", "npm", "run", "--silent", "build", "--", "--logLevel=warn", folder=FRONTEND)
    copy_fonts()
    stamp.write_text(made_from)


def has_fonts() -> bool:
    """Tell whether the letters of labels and papers stand where `labels` reads them."""
    return all((FONTS / Path(name).name).is_file() for name in FONT_FILES)


def copy_fonts() -> None:
    """Lay the letters of labels and papers, with their licence, beside the templates that use them."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for name in FONT_FILES:
        shutil.copyfile(FONTS_FROM / name, FONTS / Path(name).name)


def require_node() -> None:
    """Exit where Node is missing or too old."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        sys.exit("The front end is built with Node 20.19 or newer and its npm: install them, then again.")
    said = subprocess.check_output(["node", "--version"], text=True).strip()
    if tuple(int(part) for part in said.lstrip("v").split(".")[:2]) < OLDEST_NODE:
        sys.exit(f"The front end is built with Node 20.19 or newer, this is {said}: install a newer one.")


def provide_browser() -> None:
    """Give the browser tests a browser and Chinese letters where we may, else say what is off."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    has_browser = os.environ.get("CAILAN_CHROMIUM") or any(map(shutil.which, names))
    if has_browser and has_chinese_font():
        return
    if os.geteuid() == 0 and apt_install(*BROWSER_PACKAGES):
        return
    missing = (
        "no Chinese font: screenshots will show boxes"
        if has_browser
        else "no chromium: browser tests are off"
    )
    print(f"{missing} (`apt install {' '.join(BROWSER_PACKAGES)}`)", flush=True)


def has_chinese_font() -> bool:
    """Ask fontconfig."""
    if shutil.which("fc-list") is None:
        return False
    return bool(
        subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, check=False).stdout.strip()
    )


def apt_install(*names: str) -> bool:
    """Install system packages on Debian and its kin; tell whether that worked."""
    if shutil.which("apt-get") is None:
        return False
    print(f"installing {', '.join(names)} with apt …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *names]):
        done = subprocess.run(
            ["apt-get", *command], env=environment, check=False, capture_output=True, text=True
        )
    if done.returncode:
        print(done.stderr.strip(), flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    main(sys.argv[1:])
