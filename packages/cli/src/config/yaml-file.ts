import { readFile } from 'node:fs/promises';
import { AltsError } from '@alts/sdk/plugin';
import { type Document, LineCounter, parseDocument } from 'yaml';

/** A configuration as it is written, with the places of all that is in it. */
export interface YamlFile {
  readonly path: string;
  readonly document: Document;
  readonly lines: LineCounter;
  /** What the document says. */
  readonly content: unknown;
}

/** @throws {AltsError} `invalid_request` for a file that cannot be read or is no YAML */
export async function readYamlFile(path: string): Promise<YamlFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refuse(`-c: cannot read "${path}" (${error.code ?? error.message})`, error);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax) throw refuse(`${path}:${lines.linePos(syntax.pos[0]).line}: ${syntax.message.split('\n')[0]}`);
  return { path, document, lines, content: contentOf(path, document) };
}

/** An alias that means nothing, or too much, is found out only now. */
function contentOf(path: string, document: Document): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw refuse(`${path}: ${(error as Error).message}`, error);
  }
}

const refuse = (message: string, cause?: unknown): AltsError => new AltsError('invalid_request', message, { cause });
