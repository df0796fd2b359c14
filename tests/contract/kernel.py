"""Runs a command of this machine in a Debian kernel under plain QEMU, for what the kernel here may lack.

The root of the guest is the root of this machine over 9p, read-only; only one folder can be written. It needs neither
rights nor hardware virtualisation.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from contract.ledger import SCENARIOS, Row

HERE: Final = Path(__file__).parent
#: A minute on two idle cores.
WITHIN_S: Final = 400.0
#: Of the kernel's package, 400 MB of modules, what may be needed.
_MODULES: Final = "./lib/modules/*/"
_WANTED: Final = (
    "./boot/vmlinuz-*",
    *(f"{_MODULES}{part}*" for part in ("modules.", "kernel/drivers/virtio/", "kernel/drivers/input/")),
    *(f"{_MODULES}kernel/{part}*" for part in ("fs/9p/", "fs/netfs/", "fs/fscache/", "fs/configfs/", "net/9p/")),
    *(f"{_MODULES}kernel/{part}*" for part in ("fs/ext4/", "fs/jbd2/", "fs/mbcache", "lib/crc16", "crypto/crc32c_")),
    f"{_MODULES}kernel/drivers/block/virtio_blk*",
)
#: What the guest needs to see this machine's files.
_ROOT_MODULES: Final = ("virtio_pci", "9pnet_virtio", "9p")
#: The command's status, as its last line on the console.
_STATUS: Final = "guest status "
#: In the guest: the folder that is shared, and one for temporary files. `/tmp` is as here, since somebody may keep the
#: project there.
OUT: Final = "/run/out"
TEMPORARY: Final = "/run/tmp"
_INIT: Final = """\
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
for module in {modules}; do /bin/busybox insmod /modules/$module.ko || echo "no module $module"; done
how=trans=virtio,version=9p2000.L,msize=512000
/bin/busybox mount -t 9p -o ro,cache=loose,$how root /guest
/bin/busybox mount -t 9p -o rw,$how out /out
/bin/busybox mount -t tmpfs run /guest/run
/bin/busybox mount -t devtmpfs dev /guest/dev
/bin/busybox mount -t proc proc /guest/proc
/bin/busybox mount -t sysfs sys /guest/sys
/bin/busybox mkdir -p /guest{out} /guest{temporary} /guest/dev/pts /guest/dev/shm
/bin/busybox mount -t devpts pts /guest/dev/pts
/bin/busybox mount -t configfs config /guest/sys/kernel/config
/bin/busybox mount --bind /out /guest{out}
/bin/busybox ip link set lo up
export HOME={temporary} TMPDIR={temporary} PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
/bin/busybox chroot /guest /bin/sh -c {command}
status=$?
echo
echo "{status}$status"
/bin/busybox sync
/bin/busybox reboot -f
"""


class Kernel(NamedTuple):
    """A kernel and the folder of its modules."""

    image: Path
    modules: Path


def find_kernel(needed: Iterable[str] = ()) -> Kernel:
    """Debian's kernel: installed, or unpacked under `home` (then it stays there for the next time).

    One that lacks any of the `needed` modules is fetched again: an earlier version took fewer out of the package.

    Skips the test (in CI: fails) where QEMU or a kernel cannot be had.
    """
    for need, package in (("qemu-system-x86_64", "qemu-system-x86"), ("busybox", "busybox-static")):
        if shutil.which(need) is None:
            cannot(f"needs {need}: apt-get install {package}")
    for root in (Path("/"), home() / "kernel"):
        for image in sorted(root.glob("boot/vmlinuz-*-amd64"), reverse=True):
            modules = root / "lib" / "modules" / image.name.removeprefix("vmlinuz-")
            if _holds(modules, needed):
                return Kernel(image, modules)
    return _fetched(home() / "kernel")


def run(
    command: Iterable[str],
    *,
    kernel: Kernel,
    modules: Iterable[str],
    out: Path,
    within_s: float,
    built: Iterable[Path] = (),
    devices: Iterable[str] = (),
) -> tuple[int, str]:
    """Run `command` in the guest, where `out` is `OUT`. Its exit status, and all that the console showed.

    `modules` are the kernel's own by name, `built` others by file; `devices` are further arguments of QEMU.
    """
    out.mkdir(exist_ok=True)
    ramdisk = out.with_suffix(".cpio")
    files = [*_with_dependencies(kernel.modules, (*_ROOT_MODULES, *modules)), *built]
    _write_ramdisk(ramdisk, files, shlex.join(command))
    machine = ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-nographic", "-no-reboot"]
    machine += ["-kernel", str(kernel.image), "-initrd", str(ramdisk), "-append", "console=ttyS0 quiet panic=-1"]
    # The guest's clock counts its instructions, so that it keeps time however busy this machine is.
    machine += ["-icount", "shift=2", "-rtc", "clock=vm"]
    machine += ["-nic", "none", *_share("root", Path("/"), readonly=True), *_share("out", out, readonly=False)]
    machine += devices
    log = out.with_suffix(".log")
    with log.open("wb") as console:
        try:
            subprocess.run(
                machine, stdin=subprocess.DEVNULL, stdout=console, stderr=console, timeout=within_s, check=False
            )
        except subprocess.TimeoutExpired:
            pytest.fail(f"the guest did not end within {within_s} s: {log.read_text(errors='replace')[-8000:]}")
    text = log.read_text(encoding="utf-8", errors="replace")
    status = [line.split()[-1] for line in text.splitlines() if line.startswith(_STATUS)]
    return (int(status[-1]) if status else -1), text


def _holds(modules: Path, needed: Iterable[str]) -> bool:
    """Whether these are unpacked whole, with the `needed` ones; the installed kernel's are."""
    listed = modules / "modules.dep"
    return listed.exists() and set(needed) <= set(_files(listed))


def _share(name: str, folder: Path, *, readonly: bool) -> list[str]:
    kind = f"local,path={folder},mount_tag={name},security_model=none,multidevs=remap"
    return ["-virtfs", kind + (",readonly=on" if readonly else "")]


def run_contract(
    name: str,
    tests: Iterable[str],
    *,
    kernel: Kernel,
    modules: Iterable[str],
    out: Path,
    scenarios: Iterable[str] = SCENARIOS,
    built: Iterable[Path] = (),
) -> list[Row]:
    """Run `tests`, files of this folder, in the guest, those that `-k NAME` selects: the ledger's rows.

    Each kind of device must have been through all `scenarios`.
    """
    settings = {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "ZHIAN_CONTRACT": f"{OUT}/rows.json",
    }
    root = HERE.parents[1]
    command = [
        "env", *(f"{key}={value}" for key, value in settings.items()), sys.executable, "-m", "pytest",
        "-p", "pytest_timeout", "-p", "no:cacheprovider", "-k", f"{name} and not debian", "--color=no",
        "--rootdir", str(root), "-c", str(root / "pyproject.toml"), "--confcutdir", str(HERE),
        *(str(HERE / test) for test in tests),
    ]  # fmt: skip
    status, console = run(command, kernel=kernel, modules=modules, built=built, out=out, within_s=WITHIN_S)
    assert status == 0, console[-8000:]
    rows = [Row(**row) for row in json.loads((out / "rows.json").read_text(encoding="utf-8"))]
    for kind in {row.kind for row in rows}:
        assert {row.scenario for row in rows if row.kind == kind} == set(scenarios), console[-8000:]
    return rows


def home() -> Path:
    """Where what was fetched is kept."""
    return Path(os.environ.get("ZHIAN_HOME", HERE.parents[1] / ".zhian"))


def _fetched(place: Path) -> Kernel:
    """Unpack Debian's current kernel; nothing is installed."""
    named = subprocess.run(["apt-cache", "depends", "linux-image-amd64"], capture_output=True, text=True, check=False)
    package = next((line.split()[-1] for line in named.stdout.splitlines() if "Depends:" in line), "")
    if not package:
        cannot("needs a Debian kernel: apt-get install linux-image-amd64")
    place.mkdir(parents=True, exist_ok=True)
    fetched = subprocess.run(["apt-get", "download", "-qq", package], cwd=place, capture_output=True, check=False)
    files = list(place.glob(f"{package}_*.deb"))
    if fetched.returncode or not files:
        cannot(f"needs a Debian kernel, and {package} cannot be downloaded: {fetched.stderr.decode().strip()}")
    unpack(files[0], place, _WANTED)
    files[0].unlink()
    version = package.removeprefix("linux-image-")
    _depmod(place, place / "lib" / "modules" / version)
    return Kernel(place / "boot" / f"vmlinuz-{version}", place / "lib" / "modules" / version)


def unpack(package: Path, place: Path, wanted: Iterable[str]) -> None:
    """The files of a Debian package that match one of `wanted`, each as tar names it."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as packed:
        subprocess.run(["tar", "x", "-C", place, "--wildcards", *wanted], stdin=packed.stdout, check=True)


def _depmod(root: Path, modules: Path) -> None:
    """A package that was only unpacked has no list of dependencies yet."""
    depmod = shutil.which("depmod", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    command = [depmod] if depmod else ["busybox", "depmod"]
    subprocess.run([*command, "-b", str(root), modules.name], check=True, capture_output=True)


def _write_ramdisk(file: Path, modules: Sequence[Path], command: str) -> None:
    names = [path.name.split(".")[0] for path in modules]
    init = _INIT.format(
        modules=" ".join(names), command=shlex.quote(command), status=_STATUS, out=OUT, temporary=TEMPORARY
    )
    busybox = Path(shutil.which("busybox") or "")
    with file.open("wb") as archive:
        for folder in ("bin", "modules", "proc", "sys", "guest", "out"):
            archive.write(_entry(folder, 0o040755, b""))
        archive.write(_entry("init", 0o100755, init.encode()))
        archive.write(_entry("bin/busybox", 0o100755, busybox.read_bytes()))
        for name, path in zip(names, modules, strict=True):
            archive.write(_entry(f"modules/{name}.ko", 0o100644, path.read_bytes()))
        archive.write(_entry("TRAILER!!!", 0, b""))


def _with_dependencies(folder: Path, modules: Iterable[str]) -> list[Path]:
    """Files of the modules, each behind those that it needs; what is built into the kernel has none."""
    needs = _files(folder / "modules.dep")
    paths = [path for module in modules for path in needs.get(module, ())]
    return [folder / path for path in dict.fromkeys(paths)]


def _files(listed: Path) -> dict[str, list[str]]:
    """Of each module: the files that it needs, and its own, as `modules.dep` lists them."""
    needs: dict[str, list[str]] = {}
    for line in listed.read_text(encoding="ascii").splitlines():
        path, _, others = line.partition(":")
        needs[Path(path).name.split(".")[0].replace("-", "_")] = [*reversed(others.split()), path]
    return needs


def _entry(name: str, mode: int, data: bytes) -> bytes:
    """One file of a ramdisk, in cpio's `newc` format."""
    fields = (0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + "".join(f"{field:08X}" for field in fields).encode() + name.encode() + b"\0"
    return _padded(head) + _padded(data)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def cannot(why: str) -> None:
    """Skip the test; fail it in CI."""
    pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
