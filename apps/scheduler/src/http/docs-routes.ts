import { AltsError } from '@alts/sdk/plugin';
import { Hono } from 'hono';
import { DOCS_FILES, DOCS_PAGE, DOCS_POLICY, type DocsFile, START_SCRIPT } from './docs-page.ts';
import { documentOf } from './openapi/document.ts';
import { OPERATIONS } from './openapi/operations.ts';
import { swaggerUiFile } from './swagger-ui.ts';

const HEADERS = {
  'content-security-policy': DOCS_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** What the scheduler answers, for programs and for people. Needs no token, and nothing from other hosts. */
export function docsRoutes(): Hono {
  const routes = new Hono();
  // Made when somebody asks: it takes longer than all the rest of a start.
  let document: string | undefined;
  routes.get('/openapi.json', (context) => {
    document ??= JSON.stringify(documentOf(OPERATIONS));
    return context.body(document, 200, { 'content-type': 'application/json' });
  });
  routes.get('/docs', (context) => context.html(DOCS_PAGE, 200, HEADERS));
  routes.get('/docs/:file', async (context) => {
    const file = context.req.param('file');
    if (!isDocsFile(file)) throw new AltsError('artifact_not_found', `the page has no file ${JSON.stringify(file)}`);
    const content = file === 'start.js' ? START_SCRIPT : await swaggerUiFile(file);
    return context.body(content, 200, { ...HEADERS, 'content-type': DOCS_FILES[file] });
  });
  return routes;
}

function isDocsFile(name: string): name is DocsFile {
  return Object.hasOwn(DOCS_FILES, name);
}
