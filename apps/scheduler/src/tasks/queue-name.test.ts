import { Architecture } from '@alts/sdk/plugin';
import { expect, it } from 'vitest';
import { queueName } from './queue-name.ts';

it.each([
  ['i386', 'docker-x86_64-0'],
  ['i486', 'docker-x86_64-0'],
  ['i586', 'docker-x86_64-0'],
  ['i686', 'docker-x86_64-0'],
  ['amd64', 'docker-x86_64-0'],
  ['x86_64', 'docker-x86_64-0'],
  ['x86_64_v2', 'docker-x86_64_v2-0'],
  ['arm64', 'docker-aarch64-0'],
  ['aarch64', 'docker-aarch64-0'],
  ['ppc64le', 'docker-ppc64le-0'],
  ['s390x', 'docker-s390x-0'],
  ['riscv64', 'docker-riscv64-0'],
])('what is for %s waits in %s, as operators of the Python system know it', (name, queue) => {
  expect(queueName('docker', Architecture.parse(name))).toBe(queue);
});
