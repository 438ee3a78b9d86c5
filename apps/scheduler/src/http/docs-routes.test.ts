import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { testedScheduler } from './app.fixture.ts';
import { DOCS_FILES, START_SCRIPT } from './docs-page.ts';

const ORIGIN = 'http://scheduler.example';

/** Fetches what a page at an address names, as a browser would: relative to the page. */
async function page(app: { request(url: string): Response | Promise<Response> }, path: string) {
  const response = await app.request(new URL(path, ORIGIN).href);
  const html = await response.text();
  const named = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, at = '']) => new URL(at, new URL(path, ORIGIN)));
  return { response, html, named };
}

it.each(['', '/behind/a/proxy'])('serves Swagger UI and all that it names, under the prefix "%s"', async (prefix) => {
  const { app } = await testedScheduler();
  const outer = prefix === '' ? app : new Hono().route(prefix, app);
  const { response, named } = await page(outer, `${prefix}/docs`);
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  expect(named.map(({ pathname }) => pathname.split('/').at(-1)).toSorted()).toEqual(
    Object.keys(DOCS_FILES).toSorted(),
  );
  for (const url of [...named, new URL(`${prefix}/openapi.json`, ORIGIN)]) {
    const file = await outer.request(url.href);
    expect([url.origin, url.pathname, file.status]).toEqual([ORIGIN, url.pathname, 200]);
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }
});

it('lets a browser load nothing from other hosts, and nothing inline', async () => {
  const { app } = await testedScheduler();
  const { response, html } = await page(app, '/docs');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(html).not.toMatch(/https?:|\/\/|<style|style=|<script>| on\w+=/);
  expect(START_SCRIPT).toContain('validatorUrl: null');
  const css = await (await app.request('/docs/swagger-ui.css')).text();
  expect([...css.matchAll(/url\(["']?([^)"']{0,12})/g)].filter(([, at = '']) => !/^(data:|#)/.test(at))).toEqual([]);
});

it.each(['package.json', 'swagger-initializer.js', '..%2fpackage.json', 'constructor'])(
  'serves no other file: %s',
  async (file) => {
    const { app } = await testedScheduler();
    expect((await app.request(`/docs/${file}`)).status).toBe(404);
  },
);
