import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { testedScheduler } from '../http/app.fixture.ts';
import { openApiDocument } from './document.ts';

type Paths = Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
const document = openApiDocument() as { readonly openapi: string; readonly paths: Paths };
const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

describe('the OpenAPI document', () => {
  it('is of version 3.1, and has nothing that a linter would say', async () => {
    expect(document.openapi).toBe('3.1.0');
    const config = await createConfig({
      extends: ['recommended-strict'],
      rules: {
        // Concrete paths come before those with parameters (OpenAPI 3.1, Path Templating Matching).
        'no-ambiguous-paths': 'off',
        // Health and documentation have nothing to refuse.
        'operation-4xx-response': 'off',
        'no-invalid-schema-examples': 'error',
        'operation-operationId': 'error',
        'security-defined': 'error',
      },
    });
    const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  it('has every route, and no other', async () => {
    const { app } = await testedScheduler();
    const routes = app.routes
      .filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/docs') && path !== '/openapi.json')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect([...new Set(routes)].sort()).toEqual(documented.toSorted());
  });

  it('names each operation once', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is had without a token', async () => {
    const { ask } = await testedScheduler();
    expect(await (await ask('GET', '/openapi.json', undefined, {})).json()).toEqual(document);
  });
});

describe('the page of the API', () => {
  it('has all that it names here, and names no other host', async () => {
    const { ask } = await testedScheduler();
    const page = await ask('GET', '/docs', undefined, {});
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).not.toMatch(/https?:|\/\//);
    const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    expect(named).toHaveLength(4);
    for (const path of named) {
      const asset = await ask('GET', `/${path}`, undefined, {});
      expect([path, asset.status]).toEqual([path, 200]);
      expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(50);
    }
    const start = await (await ask('GET', '/docs/start.js', undefined, {})).text();
    expect(start).toContain("url: 'openapi.json'");
    expect(start).toContain('validatorUrl: null');
  });
});
