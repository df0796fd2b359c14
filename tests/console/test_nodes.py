"""The page of nodes: programs, networks and machines, with what is not known called so."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from zhian_wire.state import DeviceState, Machine, NetworkUse

from .conftest import OpenPage
from .scene import NODE, Site, evidence_folder
from .test_pages import HAN, KEY, SIZES, serious

HORN = DeviceState(id="horn", kind="barrier", driver="modbus", status="ok")
BARRIER = DeviceState(id="main-bar", kind="barrier", driver="modbus", status="ok", lane="main")
HOT = Machine(
    since="2026-01-01T00:00:00.000Z",
    system="Linux 6.1.0 aarch64",
    clock="unsynced",
    disk_free_mb=300,
    disk_total_mb=30_000,
    memory_free_mb=900,
    memory_total_mb=2_000,
    load=0.42,
    temperature_c=84.0,
    runtime="onnxruntime",
    networks=(NetworkUse(name="centerface", digest="77e394b51108"),),
)


def nodes_page(site: Site, open_page: OpenPage, **how: object) -> Page:
    page = open_page(**how)
    site.enter(page)
    page.locator(".shell").wait_for()
    page.goto(f"{site.gateway.url}/#/nodes")
    page.locator(".node").first.wait_for()
    return page


@pytest.mark.parametrize(
    ("size", "locale", "theme"),
    [("desk", "zh-CN", "light"), ("phone", "en", "dark"), ("desk", "en", "light"), ("phone", "zh-CN", "light")],
)
def test_a_nodes_program_and_machine_are_read(
    size: str, locale: str, theme: str, site: Site, open_page: OpenPage
) -> None:
    site.beat(devices=(BARRIER, HORN), machine=HOT)
    width, height = SIZES[size]
    page = nodes_page(site, open_page, width=width, height=height, locale=locale, theme=theme)
    node = page.locator(f'[data-node="{NODE}"]')
    machine = node.locator(".machine")
    expect(machine.locator(".bad")).to_have_count(2)  # its disk, its temperature
    clock = node.locator(".bad", has_text="时钟" if locale == "zh-CN" else "Clock")
    # One statement, of how far it is off and of who vouches for it.
    expect(clock).to_have_count(1)
    expect(clock).to_contain_text("没有时间服务器" if locale == "zh-CN" else "no time server")
    machine.locator("summary").click()
    expect(machine).to_contain_text("77e394b51108")
    horn = node.locator('[data-device="horn"]')
    expect(horn).to_contain_text("警报器 horn" if locale == "zh-CN" else "Siren horn")
    machine.scroll_into_view_if_needed()
    page.screenshot(path=evidence_folder() / f"nodes-{size}-{locale}-{theme}.png", animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
    text = node.inner_text()
    assert not KEY.findall(text)
    assert locale != "en" or not HAN.search(text)


@pytest.mark.parametrize("width", [390, 820, 1280])
@pytest.mark.parametrize(("locale", "words"), [("zh-CN", "模拟设备，无硬件"), ("en", "simulated, no hardware")])
def test_a_device_that_is_only_a_script_is_said_to_be_simulated(
    site: Site, open_page: OpenPage, width: int, locale: str, words: str
) -> None:
    site.beat(
        devices=(BARRIER, DeviceState(id="turnstile", kind="barrier", driver="virtual", status="ok", lane="side"))
    )
    page = nodes_page(site, open_page, width=width, height=844, locale=locale)
    simulated = page.locator('[data-device="turnstile"]')
    expect(simulated).to_contain_text(words)
    expect(page.locator('[data-device="main-bar"]')).to_contain_text("modbus")
    simulated.scroll_into_view_if_needed()
    page.screenshot(path=evidence_folder() / f"nodes-simulated-{width}-{locale}.png", animations="disabled")


def test_what_a_node_does_not_tell_is_unknown(site: Site, open_page: OpenPage) -> None:
    page = nodes_page(site, open_page, locale="en")
    machine = page.locator(f'[data-node="{NODE}"] .machine')
    site.beat()
    expect(machine).to_contain_text("does not tell")
    site.beat(machine=Machine(since="2026-01-01T00:00:00.000Z"))
    expect(machine.locator("dd", has_text="unknown")).to_have_count(4)
    expect(machine.locator(".bad")).to_have_count(0)
