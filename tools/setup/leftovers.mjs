import { call } from './engine-api.mjs';
import { isAlive } from './process-identity.mjs';
import { SetupError } from './setup-error.mjs';

const TASK = 'org.alts.lease.task';
const OWNER = 'org.alts.lease.owner';

async function list(address, path) {
  const filters = encodeURIComponent(JSON.stringify({ label: [TASK] }));
  const { status, body } = await call(address, 'GET', `${path}filters=${filters}`);
  if (status !== 200) throw new SetupError(`the Docker Engine answered ${status} to ${path}: ${body.trim()}`);
  return JSON.parse(body);
}

/** What on the engine carries a lease of ours: a map from id to `{ what, owner, path }`, the path that of the API. */
export async function leases(address) {
  const containers = await list(address, '/containers/json?all=1&');
  const networks = await list(address, '/networks?');
  const volumes = (await list(address, '/volumes?')).Volumes ?? [];
  const found = new Map();
  const add = (path, what, labels) =>
    found.set(path, { what: `${what}, task ${labels[TASK]}`, owner: labels[OWNER], path });
  for (const { Id, Names, Labels } of containers)
    add(`/containers/${Id}?force=1&v=1`, `container ${Names?.[0] ?? Id}`, Labels);
  for (const { Id, Name, Labels } of networks) add(`/networks/${Id}`, `network ${Name}`, Labels);
  for (const { Name, Labels } of volumes) add(`/volumes/${Name}?force=1`, `volume ${Name}`, Labels);
  return found;
}

/** An owner is `<process space>:<pid>:<start time>`; one that lives is another run beside ours. */
const isOfLivingOwner = (owner) => isAlive((owner ?? '').split(':').slice(1).join(':'));

/** What has a lease now and had none `before`, leaving aside what belongs to a process that lives. */
export async function leftovers(address, before) {
  const now = await leases(address);
  return [...now.values()].filter(({ path, owner }) => !before.has(path) && !isOfLivingOwner(owner));
}

/** Removes what is left over, containers before what they use. */
export async function removeLeftovers(address, left) {
  for (const { path } of left) await call(address, 'DELETE', path, { silenceMs: 60_000 });
}
