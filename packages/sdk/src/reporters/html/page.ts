import { createHash } from 'node:crypto';
import { Markup, markup } from './markup.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded, nothing is sent, and nothing runs but the one script: should an escape fail, it fails harmlessly. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hash(STYLE)}`,
  `script-src ${hash(SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** A whole document around its content. */
export function page(title: string, header: Markup, content: Markup): string {
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="ALTS">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>${header}</header>
<div id="search" role="search" hidden><div><label for="wanted">Search</label>
<input id="wanted" type="search" autocomplete="off" spellcheck="false" placeholder="in findings and logs ( / )">
<output class="quiet" for="wanted"></output></div></div>
<main>
${content}</main>
<footer class="quiet">Written by ALTS. All findings are in report.json, whole logs beside it.</footer>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`.text;
}
