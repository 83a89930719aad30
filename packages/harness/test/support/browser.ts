import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import chromium, { inflate } from "@sparticuz/chromium";
import puppeteer, { type Browser } from "puppeteer-core";

const PACKED = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "../bin");

/**
 * A headless Chromium out of an npm package, with the libraries that it brings for machines that lack them: nothing is
 * installed. Resolves to why there is none where it does not run (it is built for x86-64 Linux).
 */
export async function openBrowser(): Promise<Browser | string> {
  try {
    // Pages that only have text and boxes need no emulated graphics card.
    chromium.setGraphicsMode = false;
    const executablePath = await chromium.executablePath();
    const libraries = join(await inflate(join(PACKED, "al2023.tar.br")), "lib");
    const env = { ...process.env, LD_LIBRARY_PATH: libraries };
    return await puppeteer.launch({ args: chromium.args, executablePath, headless: "shell", env });
  } catch (error) {
    return `Chromium does not run here: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : error}`;
  }
}
