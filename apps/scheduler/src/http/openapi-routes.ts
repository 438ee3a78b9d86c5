import { Hono } from 'hono';
import { openApiDocument } from '../openapi/document.ts';
import { swaggerUiFile } from './swagger-ui.ts';

/** Files of Swagger UI that the page needs, and no others of its package. */
const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};
/** Nothing is had from elsewhere, and nothing stands in the page itself; Swagger UI's style sheet has small images in it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Addresses are relative: the page is also good behind a proxy that gives it another path. */
const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>ALTS: the scheduler's API</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;
const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', validatorUrl: null });\n`;

/** `GET /openapi.json`, and a page at `GET /docs` that shows it and needs nothing from the internet. */
export function openApiRoutes(): Hono {
  const routes = new Hono();
  const document = JSON.stringify(openApiDocument());
  routes.get('/openapi.json', (context) => context.body(document, 200, { 'content-type': 'application/json' }));
  routes.get('/docs', (context) => context.html(PAGE, 200, { 'content-security-policy': POLICY }));
  routes.get('/docs/start.js', (context) => context.body(START, 200, { 'content-type': 'text/javascript' }));
  for (const [name, type] of Object.entries(ASSETS)) {
    routes.get(`/docs/${name}`, async (context) =>
      context.body(await swaggerUiFile(name), 200, { 'content-type': type, 'cache-control': 'max-age=86400' }),
    );
  }
  return routes;
}
