import { createConfig, lintFromString } from '@redocly/openapi-core';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { testedScheduler } from '../app.fixture.ts';
import { documentOf } from './document.ts';
import { OPERATIONS } from './operations.ts';

const document = documentOf(OPERATIONS);

describe('the OpenAPI document', () => {
  it('has every route of the application, and no other', async () => {
    const { app } = await testedScheduler();
    const routes = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(Object.keys(OPERATIONS).toSorted()).toEqual([...new Set(routes)].toSorted());
  });

  it('is what GET /openapi.json answers', async () => {
    const { ask } = await testedScheduler();
    const response = await ask('GET', '/openapi.json', undefined, {});
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('has nothing that a linter would say', async () => {
    const config = await createConfig({
      extends: ['recommended-strict'],
      rules: {
        // Concrete paths come before those with parameters (OpenAPI 3.1, Path Templating Matching).
        'no-ambiguous-paths': 'off',
        // Health and documentation have nothing to refuse.
        'operation-4xx-response': 'off',
        'no-invalid-schema-examples': 'error',
        // Does not look into extensions; the test below does.
        'no-unused-components': 'off',
        'operation-description': 'off',
        'operation-operationId': 'error',
        'security-defined': 'error',
      },
    });
    const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  it('refers to every schema that it has', () => {
    const text = JSON.stringify(document);
    const unused = Object.keys(document.components.schemas).filter(
      (name) => !text.includes(`"$ref":"#/components/schemas/${name}"`),
    );
    expect(unused).toEqual([]);
  });

  it('has schemas that hold by themselves, and examples that they allow', () => {
    const ajv = addFormats.default(new Ajv2020.default({ strict: false }));
    ajv.addSchema({ $id: 'doc', components: document.components });
    for (const [name, { examples = [] }] of Object.entries(document.components.schemas)) {
      const check = ajv.getSchema(`doc#/components/schemas/${name}`);
      for (const example of examples as unknown[])
        expect([name, check?.(example), check?.errors]).toEqual([name, true, null]);
    }
  });

  it('says which scope a token needs, and of which routes none is needed', () => {
    const open = Object.entries(OPERATIONS).filter(([, { scope }]) => scope === undefined);
    expect(open.map(([route]) => route).toSorted()).toEqual([
      'GET /docs',
      'GET /docs/{file}',
      'GET /healthz',
      'GET /metrics',
      'GET /openapi.json',
      'GET /readyz',
    ]);
    expect(document.paths['/tasks']?.['post']).toMatchObject({ security: [{ token: ['tasks:write'] }] });
  });
});
