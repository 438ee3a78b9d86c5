import { withoutCredentials } from '../../download/url-credentials.ts';
import { openFile, openUrl } from '../package-source.ts';
import { requestedName } from '../requested-name.ts';
import { failed, PASSED, required, type StageContext, type StageOutcome } from '../test-state.ts';

/** When the package lists are on their way, nobody waits for the engine, which starts one command at a time. */
const WARM_AFTER_MS = 300;

/** Repositories in place; a package that comes as a file is brought in. */
export async function initialProvision(context: StageContext): Promise<StageOutcome> {
  const { plan, state, shell, signal } = context;
  const manager = required(state.packageManager, 'the package manager');
  const spec = plan.request.package;
  const warming = setTimeout(() => state.reader?.warm(), WARM_AFTER_MS);
  const failure = await manager.prepare(shell, plan.request).finally(() => clearTimeout(warming));
  if (failure) return failed(failure);
  if ('name' in spec) {
    state.target = { name: spec.name, version: spec.version };
    return PASSED;
  }
  shell.note(`bringing in ${withoutCredentials('file' in spec ? spec.file : spec.url)}`);
  const source = 'file' in spec ? openFile(spec.file) : await openUrl(spec.url, { signal });
  if ('reason' in source) return failed(source);
  state.tested = { ...state.tested, origin: source.origin };
  const staged = await manager.stage(shell, source);
  if ('reason' in staged) return failed(staged);
  state.target = staged.target;
  state.expectedArchitecture = staged.architecture;
  const { name, version = null } = staged.target;
  state.tested = { name, version, architecture: staged.architecture, origin: source.origin, sha256: staged.sha256 };
  shell.note(`${requestedName(spec)} is ${name} ${version ?? ''}`);
  return PASSED;
}
