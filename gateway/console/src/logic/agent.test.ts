import { expect, test } from "vitest";
import { browserName } from "./agent";

test("a browser is called what its owner calls it", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  expect(browserName(chrome)).toBe("Chrome, Linux");
  expect(browserName(`${chrome.replace("X11; Linux x86_64", "Windows NT 10.0")} Edg/140.0`)).toBe("Edge, Windows");
  expect(browserName("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")).toBe(
    "Safari, iOS",
  );
  expect(browserName("python-httpx/0.28 (something)")).toBe("python-httpx/0.28");
  expect(browserName("")).toBeNull();
});
