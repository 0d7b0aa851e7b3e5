import { expect } from 'vitest'
import { updateCustomers } from '../../server/customers/accounts/commands/save.ts'
import { runJob } from '../../server/engage/flows/commands/enrol.ts'
import { decideRequest, listRequests } from '../../server/engage/flows/contract/enrolments.ts'
import { getFlow, publishFlow, updateFlow } from '../../server/engage/flows/contract/flows.ts'
import { followFacts } from '../../server/signals/metrics/commands/follow.ts'
import type { TestApplication } from './application.ts'
import { asSystem, type TestCompany, type TestMember } from './factories.ts'
import { newCustomer } from './facts.ts'
import { enrolmentsOf, runAt } from './flows.ts'
import { finishJobs } from './mails.ts'
import { writeContacts } from './messages.ts'
import { applyProgramme, flowId } from './playbooks.ts'

export const day = 86_400_000
/** Tomorrow at a minute past ten in Tokyo: no quiet hour. */
export const first = new Date(new Date(Date.now() + day).toISOString().replace(/T.*/, 'T01:01:00Z'))

/** Takes a company through days of plugin-marketplace. Steps are done by the moments of `walk` alone, whatever the time of day is. */
export class ProgrammeWalk {
  readonly #application: TestApplication
  readonly company: TestCompany
  readonly csm: TestMember
  constructor(application: TestApplication, company: TestCompany, csm: TestMember) {
    this.#application = application
    this.company = company
    this.csm = csm
  }

  /** A customer of the CSM with a person who gets mails. */
  async customerOf(name: string, plan: string, more: object = {}): Promise<string> {
    const ownerId = this.csm.memberId
    const id = await newCustomer(this.company, { name, externalId: name, ownerId, status: 'ACTIVE', plan, ...more })
    await writeContacts(this.company, 1, () => ({
      customerId: id,
      externalId: `${name}-1`,
      email: `${Buffer.from(name).toString('hex')}@example.test`,
    }))
    return id
  }

  /** Applies the programme with nobody held out of a flow, so that the test is about its steps. @returns the flow's id */
  async programmeWith(key: string): Promise<string> {
    await applyProgramme(this.company, 'plugin-marketplace')
    return this.publishWhole(key)
  }

  /** Publishes a flow anew with nobody held out. @returns its id */
  async publishWhole(key: string): Promise<string> {
    const params = { id: await flowId(this.company, key) }
    const { document } = (await this.company.admin.call(getFlow, { params })).body
    await this.company.admin.call(updateFlow, { params, body: { document: { ...document, holdoutPercent: 0 } } })
    const published = await this.company.admin.call(publishFlow, { params, body: { startMatching: false } })
    expect(published.status).toBe(200)
    return params.id
  }

  /** Has what was told followed; nobody goes on in a flow by it. */
  async settle(): Promise<void> {
    await asSystem(this.company, followFacts)
    await finishJobs(this.#application, [runJob])
  }

  async change(id: string, status: string): Promise<void> {
    await asSystem(this.company, ctx => updateCustomers(ctx, [{ id, values: { status } }], { origin: 'person' }))
    await this.settle()
  }

  /** Lets days pass, one run a day. */
  async walk(from: number, to: number): Promise<void> {
    for (let passed = from; passed <= to; passed += 1)
      await runAt(this.company, new Date(first.getTime() + passed * day))
  }

  /** The days since the first at which steps of some kinds were done for a customer or contact. */
  async daysOf(flow: string, kinds: readonly string[], subject?: string): Promise<string[]> {
    const enrolment = (await enrolmentsOf(this.company, flow)).find(each => !subject || each.subjectId === subject)!
    return enrolment.log
      .filter(line => kinds.includes(line.kind))
      .map(line => `${Math.round((Date.parse(line.at) - first.getTime()) / day)} ${line.step} ${line.reason ?? 'done'}`)
  }

  /** Who came into a flow, by name. */
  async namesIn(flow: string): Promise<string[]> {
    return (await enrolmentsOf(this.company, flow)).map(({ subjectName }) => subjectName).sort()
  }

  /** Answers what waits longest. */
  async decide(approve: boolean): Promise<void> {
    const { items } = (await this.csm.call(listRequests, { query: {} })).body
    const open = items.find(({ state }) => state === 'waiting')!
    const answered = await this.csm.call(decideRequest, { params: { id: open.id }, body: { approve, note: '' } })
    expect(answered.status).toBe(200)
  }
}

/** So many events of one name, by so many people: name of the person, event. */
export const use = (event: string, times: number, people = 1) =>
  Array.from({ length: times }, (_, place) => [`${event} ${place % people}`, event] as const)
