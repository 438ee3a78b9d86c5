import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

export interface GitServer extends AsyncDisposable {
  /** URL of a repository. */
  url(repository: string): string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** Makes one commit in a repository, which is made when it is new; resolves to its object name. */
  commit(repository: string, files: Readonly<Record<string, string>>, ref?: string): Promise<string>;
  git(repository: string, ...args: string[]): Promise<string>;
  /** Only what the refs point to can be fetched, as with servers before protocol version 2. */
  onlyTips: boolean;
  /** Takes connections and answers nothing. */
  silent: boolean;
  down(): Promise<void>;
}

/** User and password of the repositories whose name begins with `locked`. */
export const LOGIN = 'joe:s3cret%21word';
const AUTHORIZATION = `Basic ${Buffer.from(decodeURIComponent(LOGIN)).toString('base64')}`;

const AUTHOR = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
const ENV = { ...AUTHOR, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

/** A git server of this machine: git's own git-http-backend(1) behind http. */
export async function startGitServer(): Promise<GitServer> {
  const home = await mkdtemp(join(tmpdir(), 'alts-git-server-'));
  const http = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;
  const server: GitServer = {
    url: (repository) => `http://127.0.0.1:${port}/${repository}.git`,
    asked: [],
    onlyTips: false,
    silent: false,
    git: async (repository, ...args) =>
      (await execa('git', args, { cwd: join(home, `${repository}.git`), env: ENV })).stdout,
    commit: (repository, files, ref = 'refs/heads/main') => addCommit(home, repository, files, ref),
    async down() {
      http.closeAllConnections();
      if (http.listening) await new Promise((done) => http.close(done));
    },
    async [Symbol.asyncDispose]() {
      await server.down();
      await rm(home, { recursive: true, force: true });
    },
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    server.asked.push(request.url ?? '');
    if (server.silent) return;
    if (request.url?.startsWith('/locked') && request.headers.authorization !== AUTHORIZATION) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    } else backend(home, request, response, server.onlyTips);
  }
  return server;
}

async function addCommit(
  home: string,
  repository: string,
  files: Readonly<Record<string, string>>,
  ref: string,
): Promise<string> {
  const bare = join(home, `${repository}.git`);
  await mkdir(bare, { recursive: true });
  await execa('git', ['init', '-q', '--bare', '-b', 'main', bare], { env: ENV });
  const work = await mkdtemp(join(home, 'work-'));
  const git = (...args: string[]) => execa('git', args, { cwd: work, env: ENV });
  await git('init', '-q', '-b', 'work');
  const known = await git('fetch', '-q', bare, ref).then(
    () => true,
    () => false,
  );
  if (known) await git('reset', '-q', '--hard', 'FETCH_HEAD');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), content);
  }
  await git('add', '-A');
  await git('commit', '-q', '--allow-empty', '-m', 'a change');
  await git('push', '-q', bare, `HEAD:${ref}`);
  const { stdout } = await git('rev-parse', 'HEAD');
  await rm(work, { recursive: true });
  return stdout;
}

/** CGI, RFC 3875. */
function backend(home: string, request: IncomingMessage, response: ServerResponse, onlyTips: boolean): void {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const protocol = request.headers['git-protocol'];
  const child = spawn('git', ['http-backend'], {
    env: {
      ...ENV,
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: home,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      CONTENT_TYPE: request.headers['content-type'],
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
      ...(typeof protocol === 'string' && !onlyTips && { GIT_PROTOCOL: protocol }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(child.stdin);
  child.stdin.on('error', () => {});
  let head = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (response.headersSent) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const lines = head.subarray(0, end).toString().split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => line.split(': ') as [string, string]));
    const { Status: status = '200 OK', ...rest } = headers;
    response.writeHead(Number.parseInt(status, 10), rest).write(head.subarray(end + 4));
  });
  child.on('close', () => response.end());
}
