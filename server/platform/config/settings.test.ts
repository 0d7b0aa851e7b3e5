import { isAbsolute } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AppError } from '../errors/app-error.ts'
import { settingReferences, settingsGuide } from './reference.ts'
import { publicUrl, readSettings } from './settings.ts'

function faultOf(env: NodeJS.ProcessEnv): AppError {
  try {
    readSettings(env)
  } catch (error) {
    if (error instanceof AppError) return error
  }
  throw new Error('The settings were accepted.')
}

describe('readSettings', () => {
  test('gives a full set of presets for an empty environment', () => {
    const settings = readSettings({})
    expect(settings).toMatchObject({
      databaseUrl: undefined,
      host: '127.0.0.1',
      port: 3000,
      portAsked: false,
      demo: true,
      keys: undefined,
      mailFrom: 'Kizuna <no-reply@localhost>',
      trustedProxies: [],
      privateTargets: [],
      logLevel: 'info',
      poolSize: 10,
      workers: 4,
    })
    expect(isAbsolute(settings.dataDir)).toBe(true)
    expect(publicUrl(settings)).toBe('http://localhost:3000')
    expect(publicUrl(settings, 3001)).toBe('http://localhost:3001')
  })

  test('takes the example of every setting', () => {
    const settings = readSettings(Object.fromEntries(settingReferences.map(({ name, example }) => [name, example])))
    expect(settings.port).toBe(8080)
    expect(settings.portAsked).toBe(true)
    expect(settings.demo).toBe(false)
    expect(settings.keys?.map(key => [key.id, key.bytes.length])).toEqual([['2026-04', 32]])
    expect(settings.trustedProxies).toEqual(['10.0.0.0/8', '192.0.2.10'])
    expect(publicUrl(settings)).toBe('https://kizuna.example.com')
  })

  test('counts an empty value as not set', () => {
    expect(readSettings({ PORT: ' ', DATABASE_URL: '' })).toMatchObject({ port: 3000, portAsked: false })
  })

  test('reports all faults together, in both languages, with value and example', () => {
    const error = faultOf({ PORT: '99999', KIZUNA_DEMO: 'maybe', LOG_LEVEL: 'loud', KIZUNA_POOL_SIZE: '0' })
    expect(error.code).toBe('invalid_input')
    expect(error.faults.map(fault => fault.path)).toEqual(['PORT', 'KIZUNA_DEMO', 'LOG_LEVEL', 'KIZUNA_POOL_SIZE'])
    expect(error.words.en).toContain('PORT "99999" is not between 0 and 65535. Example: 8080')
    expect(error.words.ja).toContain('KIZUNA_DEMO "maybe": on または off ではありません。例: off')
  })

  test('never shows a secret value', () => {
    const error = faultOf({
      DATABASE_URL: 'mysql://u:hush@h/d',
      KIZUNA_KEYS: 'id:hush',
      SMTP_URL: 'http://u:hush@mail.example.com',
    })
    expect(error.faults).toHaveLength(3)
    expect(JSON.stringify([error.words, error.faults])).not.toContain('hush')
  })

  test.each([
    ['MAIL_FROM', 'Kizuna <a@b.example>\r\nBcc: x@y.example'],
    ['MAIL_FROM', 'nobody'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'localhost'],
    ['KIZUNA_URL', 'https://kizuna.example.com/app'],
    ['KIZUNA_URL', 'javascript:alert(1)'],
    ['KIZUNA_KEYS', `a:${Buffer.alloc(32).toString('base64')},a:${Buffer.alloc(32, 1).toString('base64')}`],
    ['KIZUNA_KEYS', `a:${Buffer.alloc(16).toString('base64')}`],
    ['PORT', '3000.5'],
    ['HOST', 'not a host'],
  ])('refuses %s=%j', (name, value) => {
    expect(faultOf({ [name]: value }).faults.map(fault => fault.path)).toEqual([name])
  })
})

test('the guide page is made from the list of settings (run vitest with -u after a change)', async () => {
  await expect(settingsGuide()).toMatchFileSnapshot('../../../docs/guide/settings.md')
})
