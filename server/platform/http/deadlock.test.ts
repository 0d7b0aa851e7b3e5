import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApplication, testApplication } from '../../../tests/support/application.ts'
import { asSystem, newCompany, type TestCompany } from '../../../tests/support/factories.ts'
import { AppError } from '../errors/app-error.ts'
import { createTeam, listTeams } from '../identity/contract/company.ts'
import { lostToAnother, unavailable } from '../tenancy/unavailable.ts'

let application: TestApplication
let company: TestCompany

beforeAll(async () => {
  application = await testApplication()
  company = await newCompany(application)
})
afterAll(() => application.end())

/** A failure as the driver throws it. */
async function failing(...statements: string[]): Promise<unknown> {
  return asSystem(company, async ctx => {
    for (const statement of statements) await sql.raw(statement).execute(ctx.tx)
  }).catch((error: unknown) => error)
}

/** Makes writing a team fail with a deadlock so many times. */
async function deadlocks(times: number): Promise<void> {
  const { default: pg } = await import('pg')
  const superuser = new pg.Client({ connectionString: application.database.superuserUrl })
  await superuser.connect()
  await superuser.query(`
    create sequence if not exists tries; grant all on sequence tries to public; alter sequence tries restart;
    create or replace function collide() returns trigger language plpgsql as $$
    begin if nextval('tries') <= ${times} then raise exception 'deadlock detected' using errcode = '40P01'; end if; return new; end $$;
    create or replace trigger collide before insert on team for each row execute function collide()`)
  await superuser.end()
}

describe('a request whose transaction loses to another one', () => {
  it('is tried again from the start, and done once', async () => {
    await deadlocks(2)
    const answer = await company.admin.call(createTeam, { body: { name: '東日本', memberIds: [] } })
    expect(answer.status).toBe(201)
    const { items } = (await company.admin.call(listTeams)).body
    expect(items.filter(team => team.name === '東日本')).toHaveLength(1)
  })

  it('is answered with what happened after three tries', async () => {
    await deadlocks(9)
    const answer = await company.admin.call(createTeam, { body: { name: '西日本', memberIds: [] } })
    expect(answer.status).toBe(503)
    expect(answer.body).toMatchObject({
      code: 'unavailable',
      detail: expect.stringMatching(/being changed|同時に変更/),
    })
    await deadlocks(0)
  })
})

describe('what a failure of the database means', () => {
  it('tells work that took too long from a database that is away', async () => {
    const late = await failing("set local statement_timeout = '20ms'", 'select pg_sleep(5)')
    expect(late).toBeInstanceOf(AppError)
    expect(late).toMatchObject({ code: 'unavailable', words: { en: expect.stringContaining('took too long') } })
    expect(lostToAnother(late)).toBe(false)
    const away = unavailable(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
    expect(away).toMatchObject({ code: 'unavailable', words: { en: expect.stringContaining('cannot be reached') } })
  })
})
