import { describe, expect, it } from 'vitest';
import { fromPythonConfig } from './from-python-config.ts';

const BROKER = {
  rabbitmq_host: 'rabbitmq',
  rabbitmq_user: 'test-system',
  rabbitmq_password: 'pw',
  rabbitmq_vhost: 'test_system',
};
const configOf = (document: object) => fromPythonConfig({ ...BROKER, ...document }).config;
const noteOn = (path: string, document: object) =>
  fromPythonConfig({ ...BROKER, ...document }).notes.find((note) => note.path === path);

describe('the broker', () => {
  const urlOf = (document: object): URL => new URL((configOf(document)['queue'] as { url: string }).url);

  it.each(['p@ss:w/rd#%?&+= "', '100%', 'pässwörd', "'quoted'"])('is told the password %s as it is', (password) => {
    expect(decodeURIComponent(urlOf({ rabbitmq_password: password }).password)).toBe(password);
    expect(urlOf({ rabbitmq_password: password }).host).toBe('rabbitmq:5672');
  });

  it('is told what Celery told it of a password that was encoded for its URL', () => {
    const document = { rabbitmq_password: 'a%2Fb' };
    expect(decodeURIComponent(urlOf(document).password)).toBe('a/b');
    expect(noteOn('rabbitmq_password', document)?.say).toBe('its %… are decoded, as Celery does');
  });

  const ssl_config = {
    broker_ca_certificates: '/etc/alts/ca.pem',
    security_certificate: '/etc/alts/client.pem',
    security_key: '/etc/alts/client.key',
    security_digest: 'sha256',
    cert_required: 2,
  };

  it.each([
    ['at the top', { use_ssl: 'yes', ssl_config }],
    ['in broker_config', { broker_config: { use_ssl: true, ssl_config } }],
  ])('has TLS with the files of ssl_config %s', (_, document) => {
    expect(configOf(document)['queue']).toEqual({
      use: 'amqp',
      url: 'amqps://test-system:pw@rabbitmq:5671/test_system',
      ca_file: '/etc/alts/ca.pem',
      cert_file: '/etc/alts/client.pem',
      key_file: '/etc/alts/client.key',
    });
  });

  it('has no TLS where only ssl_config is there, and says so', () => {
    expect(configOf({ ssl_config })['queue']).toEqual({ use: 'amqp', url: expect.stringMatching(/^amqp:/) });
    expect(noteOn('ssl_config.security_key', { ssl_config })).toMatchObject({ kind: 'ignored' });
  });

  it('may have an address of IPv6', () => {
    expect(urlOf({ rabbitmq_host: '2001:db8::1' }).host).toBe('[2001:db8::1]:5672');
  });
});
