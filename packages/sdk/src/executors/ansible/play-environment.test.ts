import { describe, expect, it } from 'vitest';
import { playEnvironment } from './play-environment.ts';
import type { PlayFiles } from './play-files.ts';

const files: PlayFiles = {
  directory: '/t',
  inventory: '/t/inventory.json',
  variables: '/t/variables.yml',
  configuration: '/t/ansible.cfg',
  async [Symbol.asyncDispose]() {},
};
const own = { PATH: '/bin', HOME: '/home/u', TOKEN: 'secret', DOCKER_AUTH_CONFIG: 'secret', SSH_AUTH_SOCK: '/agent' };

describe('the variables of ansible-playbook', () => {
  it('are those of the test, and none of ours but those by which programs are found', () => {
    const variables = playEnvironment(files, { ansible_connection: 'community.docker.docker' }, { A: 'a=b' }, own);
    expect(variables).toMatchObject({ A: 'a=b', PATH: '/bin', HOME: '/t', ANSIBLE_CONFIG: '/t/ansible.cfg' });
    expect(Object.values(variables)).not.toContain('secret');
    expect(variables).not.toHaveProperty('SSH_AUTH_SOCK');
  });

  it('cannot be turned to the configuration of the user by a test', () => {
    const wanted = { HOME: '/home/u', ANSIBLE_CONFIG: '/home/u/.ansible.cfg', PATH: '/tests' };
    expect(playEnvironment(files, {}, wanted, own)).toMatchObject({
      HOME: '/t',
      ANSIBLE_CONFIG: '/t/ansible.cfg',
      PATH: '/bin',
    });
  });

  it('have the agent of ssh where ansible connects by ssh', () => {
    expect(playEnvironment(files, { ansible_connection: 'ssh' }, {}, own)).toMatchObject({ SSH_AUTH_SOCK: '/agent' });
  });
});
