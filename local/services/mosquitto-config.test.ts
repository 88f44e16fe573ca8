import { mosquittoAcl, mosquittoConfig } from './mosquitto-config'

const FILES = { folder: '/data/mqtt', passwordFile: '/data/mqtt/passwords', aclFile: '/data/mqtt/acl' }

describe('settings of the broker', () => {
  it('OPS-070: nobody without a password, loopback only, sessions kept', () => {
    const lines = mosquittoConfig(FILES, { mqtt: 18830, mqttWebsocket: 19001 }, false).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'listener 18830 127.0.0.1',
        'allow_anonymous false',
        'persistence true',
        'autosave_interval 30',
        'autosave_on_changes false',
        'max_queued_messages 500000',
        'max_inflight_messages 1000',
        'message_size_limit 262144',
        'persistent_client_expiration 24h',
      ]),
    )
  })

  it('OPS-070, OPS-003: the listener cannot publish events; the local user may play the network server', () => {
    const acl = mosquittoAcl('local')
    expect(acl).toContain('user listener\ntopic read application/+/device/+/event/+\ntopic readwrite parking/heartbeat/#\n')
    expect(acl).toContain('user local\ntopic readwrite application/#\n')
    expect(acl).not.toContain('readwrite #')
  })
})
