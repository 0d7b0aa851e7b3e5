import { createCustomer, handOver } from '../../server/customers/accounts/contract/customers.ts'
import { createAttribute, createTag } from '../../server/customers/attributes/contract/attributes.ts'
import { createInvoice, createPayment } from '../../server/customers/billing/contract.ts'
import { createContact } from '../../server/customers/contacts/contract.ts'
import { createContract } from '../../server/customers/contracts/contract.ts'
import { merge } from '../../server/customers/duplicates/contract.ts'
import { createAnswer } from '../../server/customers/feedback/contract.ts'
import { createTicket } from '../../server/customers/support/contract.ts'
import { createCommunication } from '../../server/customers/timeline/contract.ts'
import { createView } from '../../server/customers/views/contract.ts'
import { createActivity } from '../../server/engage/advocacy/contract.ts'
import { createPlan } from '../../server/engage/plans/contract.ts'
import { createReview } from '../../server/engage/reviews/contract.ts'
import { newMember, type TestCompany } from './factories.ts'

/** An id of the company's record for each route that takes one, and a body that the route accepts. */
export async function recordTargets(company: TestCompany): Promise<Record<string, { foreign: string; body?: object }>> {
  const { admin } = company
  const at = '2026-01-01T00:00:00Z'
  const customer = (await admin.call(createCustomer, { body: { name: '利用中' } })).body.id
  const params = { id: customer }
  const [one, other] = await Promise.all(
    ['甲', '乙'].map(async name => (await admin.call(createCustomer, { body: { name } })).body.id),
  )
  const owner = (await newMember(company, 'csm')).memberId
  const handover = (await admin.call(handOver, { body: { ids: [one], toId: owner } })).body.batchId!
  const merged = (await admin.call(merge, { body: { record: 'customer', keptId: one, mergedId: other } })).body.id
  const contact = (await admin.call(createContact, { body: { name: '大西' } })).body.id
  const contract = (await admin.call(createContract, { params, body: { amount: 1, startsOn: '2026-01-01' } })).body.id
  const ticket = (await admin.call(createTicket, { body: { subject: 's', openedAt: at } })).body.id
  const bill = { customerId: customer, amount: 1, currency: 'JPY' }
  const invoice = (await admin.call(createInvoice, { body: { ...bill, issuedOn: '2026-01-01', dueOn: '2026-01-31' } }))
    .body.id
  const payment = (await admin.call(createPayment, { body: { ...bill, attemptedAt: at } })).body.id
  const answer = (await admin.call(createAnswer, { body: { kind: 'NPS', score: 9, answeredAt: at } })).body.id
  const note = (await admin.call(createCommunication, { params, body: { kind: 'NOTE', body: 'x' } })).body.id
  const attribute = (
    await admin.call(createAttribute, { body: { record: 'customer', key: 'k', label: 'k', type: 'text' } })
  ).body.id
  const tag = (await admin.call(createTag, { body: { name: 't' } })).body.id
  const view = (
    await admin.call(createView, { body: { screen: 'customers', name: 'v', shared: true, definition: {} } })
  ).body.id
  const plan = (await admin.call(createPlan, { params, body: { name: 'p', type: 'ANNUAL' } })).body.id
  const review = (await admin.call(createReview, { params, body: { type: 'ANNUAL', scheduledAt: at } })).body.id
  const activity = (await admin.call(createActivity, { params, body: { type: 'WEBINAR', title: 'a' } })).body.id
  const onCustomer = Object.fromEntries(
    [
      'getCustomer',
      'deleteCustomer',
      'customerUses',
      'getHierarchy',
      'listCustomerRiskSignals',
      'listCustomerHistory',
      'getProfile',
      'listContracts',
      'listMovements',
      'getTimeline',
      'listHealthScores',
      'listSuccessPlans',
      'listBusinessReviews',
      'listAdvocacyActivities',
    ].map(operation => [operation, { foreign: customer }]),
  )
  return {
    ...onCustomer,
    updateCustomer: { foreign: customer, body: { plan: 'x' } },
    pinTier: { foreign: customer, body: { tierKey: null } },
    putProfile: { foreign: customer, body: { nps: 1 } },
    createContract: { foreign: customer, body: { amount: 1, startsOn: '2026-01-01' } },
    createCommunication: { foreign: customer, body: { kind: 'NOTE', body: 'x' } },
    createHealthScore: { foreign: customer, body: { overallScore: 1 } },
    calculateHealthScore: { foreign: customer, body: { engagementScore: 1 } },
    createSuccessPlan: { foreign: customer, body: { name: 'p', type: 'ANNUAL' } },
    createBusinessReview: { foreign: customer, body: { type: 'ANNUAL', scheduledAt: at } },
    createAdvocacyActivity: { foreign: customer, body: { type: 'WEBINAR', title: 'a' } },
    undoHandOver: { foreign: handover },
    undoMerge: { foreign: merged },
    getContact: { foreign: contact },
    getLeadScore: { foreign: contact },
    scoreLead: { foreign: contact },
    updateContact: { foreign: contact, body: { title: 'x' } },
    deleteContact: { foreign: contact },
    updateContract: { foreign: contract, body: { plan: 'x' } },
    deleteContract: { foreign: contract },
    getTicket: { foreign: ticket },
    updateTicket: { foreign: ticket, body: { status: 'CLOSED' } },
    deleteTicket: { foreign: ticket },
    updateInvoice: { foreign: invoice, body: { status: 'VOID' } },
    deleteInvoice: { foreign: invoice },
    deletePayment: { foreign: payment },
    deleteSurveyAnswer: { foreign: answer },
    updateCommunication: { foreign: note, body: { body: 'y' } },
    deleteCommunication: { foreign: note },
    updateAttribute: { foreign: attribute, body: { label: 'y' } },
    attributeUses: { foreign: attribute },
    deleteAttribute: { foreign: attribute },
    updateTag: { foreign: tag, body: { name: 'u' } },
    deleteTag: { foreign: tag },
    updateView: { foreign: view, body: { name: 'w' } },
    deleteView: { foreign: view },
    getSuccessPlan: { foreign: plan },
    updateSuccessPlan: { foreign: plan, body: { name: 'q' } },
    addMilestone: { foreign: plan, body: { title: 'm' } },
    updateMilestone: { foreign: plan, body: { title: 'm' } },
    updateBusinessReview: { foreign: review, body: { feedback: 'f' } },
    updateAdvocacyActivity: { foreign: activity, body: { title: 'b' } },
  }
}
