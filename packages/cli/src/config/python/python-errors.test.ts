import { expect, it } from 'vitest';
import { z } from 'zod';
import { problemsOf } from '../problems.ts';
import { fromPythonConfig } from './from-python-config.ts';
import { PythonConfig } from './python-config.ts';

const BROKER = { rabbitmq_host: 'a', rabbitmq_user: 'test-system', rabbitmq_password: 'pw' };
const S3 = { result_backend: 's3', s3_bucket: 'alts', s3_access_key_id: 'AK' };

function problemsIn(document: object) {
  try {
    fromPythonConfig(document);
  } catch (error) {
    if (error instanceof z.ZodError) return problemsOf(error, PythonConfig);
  }
  return [];
}

it.each<[what: string, document: object, path: string[], message: string]>([
  ['a typo', { ...BROKER, s3_buckt: 'x' }, [], 'unknown key "s3_buckt"; did you mean "s3_bucket"?'],
  ['the typo of the README', { rabbitqm_host: 'x', rabbitmq_port: 1 }, [], 'did you mean "rabbitmq_host"?'],
  [
    'a typo in a section',
    { broker_config: { ...BROKER, rabbitmq_prot: 1 } },
    ['broker_config'],
    'unknown key "rabbitmq_prot"; did you mean "rabbitmq_port"?',
  ],
  ['a port that is none', { ...BROKER, rabbitmq_port: 'high' }, ['rabbitmq_port'], '"high" must be a whole number'],
  ['a password that is a number', { ...BROKER, rabbitmq_password: 1234 }, ['rabbitmq_password'], 'put it in quotes'],
  ['a flag that is none', { ...BROKER, use_ssl: 'maybe' }, ['use_ssl'], '"maybe" must be true or false'],
  ['no host', { rabbitmq_port: 1 }, [], 'rabbitmq_host: is missing'],
  ['no host in a section', { broker_config: { rabbitmq_port: 1 } }, ['broker_config'], 'rabbitmq_host: is missing'],
  ['a host with a port', { ...BROKER, rabbitmq_host: 'a:5672' }, ['rabbitmq_host'], 'must have no port'],
  ['a host that is a URL', { ...BROKER, rabbitmq_host: 'amqp://a' }, ['rabbitmq_host'], 'must be a name or an address'],
  [
    'a user without password',
    { ...BROKER, rabbitmq_password: null },
    [],
    'rabbitmq_password: is missing; it goes with rabbitmq_user',
  ],
  [
    'Redis as a broker',
    { broker_config: { redis_host: 'redis' } },
    ['broker_config', 'redis_host'],
    'Redis is no broker of this version; RabbitMQ is',
  ],
  [
    'a setting twice',
    { ...BROKER, broker_config: { rabbitmq_host: 'b' } },
    ['broker_config', 'rabbitmq_host'],
    'stands here and as rabbitmq_host',
  ],
  ['a bucket that is missing', { ...BROKER, result_backend: 's3' }, [], 's3_bucket: is missing'],
  ['half a key', { ...BROKER, ...S3 }, [], 's3_secret_access_key: is missing'],
  [
    'another backend',
    { ...BROKER, result_backend: 'rpc://x:y@z' },
    ['result_backend'],
    '"rpc://…" is no store of this version',
  ],
  [
    'another algorithm',
    { ...BROKER, hashing_algorithm: 'RS256' },
    ['hashing_algorithm'],
    '"RS256" must be HS256, HS384 or HS512',
  ],
  [
    'a web server without scheme',
    { ...BROKER, bs_host: 'build.example' },
    ['bs_host'],
    '"build.example" must be an http(s) URL',
  ],
  [
    'an architecture',
    { ...BROKER, supported_architectures: ['x86-46'] },
    ['supported_architectures'],
    'did you mean "x86_64"?',
  ],
  ['a runner', { ...BROKER, supported_runners: ['dokcer'] }, ['supported_runners'], 'did you mean "docker"?'],
  ['no runner that is left', { ...BROKER, supported_runners: ['opennebula'] }, ['supported_runners'], 'it has docker'],
  [
    'distributions, none known',
    { ...BROKER, supported_distributions: ['alpine'] },
    ['supported_distributions'],
    'none of them is known',
  ],
])('%s is said with its place and what would be right', (_, document, path, message) => {
  expect(problemsIn(document)).toEqual([expect.objectContaining({ path, message: expect.stringContaining(message) })]);
});
