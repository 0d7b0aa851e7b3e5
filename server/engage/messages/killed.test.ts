import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { mailStorm } from '../../../tests/support/mail-storm.ts'

let application: TestApplication

beforeAll(async () => {
  application = await testApplication()
})
afterAll(() => application.end())

describe('kill -9', () => {
  it('EML-2: nobody gets a campaign twice, and every recipient ends in one state (I3, I4)', async () => {
    const { installation, database } = application
    const result = await mailStorm({ installation, appUrl: database.appUrl, recipients: 200, kills: 4 })
    expect(result.serverHadTwice).toBe(0)
    expect(result.acceptedUnknown).toBe(0)
    expect(Object.values(result.states).reduce((sum, count) => sum + count, 0)).toBe(200)
    expect(Object.keys(result.states).filter(state => state === 'pending' || state === 'sending')).toEqual([])
    expect(result.states.uncertain ?? 0).toBeLessThanOrEqual(result.uncertainAtMost)
    expect(result.states.accepted).toBeGreaterThan(150)
  }, 120_000)
})
