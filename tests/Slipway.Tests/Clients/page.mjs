// A person at the page: sees the deployment, asks it, reads the answer. Prints what the page showed as JSON.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [, , folder, chromium, url, picture] = process.argv;
const require = createRequire(pathToFileURL(`${folder}/package.json`));
const playwright = await import(pathToFileURL(require.resolve('playwright-core')));

const browser = await (playwright.chromium ?? playwright.default.chromium).launch({
  executablePath: chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', error => problems.push(String(error)));
  page.on('console', message => message.type() === 'error' && problems.push(message.text()));
  await page.goto(url);
  await page.waitForSelector('tr[data-model=tiny-chat][data-ready=true]', { timeout: 60_000 });
  await page.fill('input[name=question]', 'What is 17 + 25?');
  await page.click('button[type=submit]');
  await page.waitForSelector('.answer[data-done=true]', { timeout: 30_000 });
  const answer = await page.textContent('.answer');
  const state = await page.textContent('tr[data-model=tiny-chat] .state');
  await page.screenshot({ path: picture });
  console.log(JSON.stringify({ answer, state, problems }));
} finally {
  await browser.close();
}
