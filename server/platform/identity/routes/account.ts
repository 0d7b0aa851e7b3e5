import { enqueue } from '../../context/context.ts'
import { implement } from '../../http/implement.ts'
import { changeAccount, endOtherSessions, endOwnSession, signOutHere } from '../commands/account.ts'
import { accept, lookUp } from '../commands/invitations.ts'
import { changeOwnPassword, resetForgottenPassword } from '../commands/password.ts'
import { beginSecondFactor, completeSecondFactor, removeSecondFactor, renewCodes } from '../commands/second-factor.ts'
import { finishSignIn, signInPerson, switchCompany } from '../commands/sign-in.ts'
import { confirmEmail, requestSignUp, sealPayload } from '../commands/sign-up.ts'
import * as contract from '../contract/account.ts'
import { readOwnSessions, readSession } from '../queries/account.ts'

const checkYourMail = { state: 'check_your_mail' as const }

export const accountRoutes = [
  implement(contract.signUp, async (account, { body }) => {
    await requestSignUp(account, body)
    return checkYourMail
  }),
  implement(contract.verifyEmail, (account, { body }) => confirmEmail(account, body.token)),
  implement(contract.resendVerification, async (account, { body }) => {
    enqueue(account, { name: 'identity.resend-verification', payload: sealPayload(account, body) })
    return checkYourMail
  }),
  implement(contract.requestPasswordReset, async (account, { body }) => {
    enqueue(account, { name: 'identity.request-reset', payload: sealPayload(account, body) })
    return checkYourMail
  }),
  implement(contract.resetPassword, async (account, { body }) => {
    await resetForgottenPassword(account, body)
    return undefined
  }),
  implement(contract.signIn, async (account, { body }, exchange) => {
    const { state, token } = await signInPerson(account, body, exchange.userAgent)
    exchange.setSession(token)
    return { state }
  }),
  implement(contract.confirmSecondFactor, async (person, { body }, exchange) => {
    const { state, token } = await finishSignIn(person, body.code, exchange.userAgent)
    exchange.setSession(token)
    return { state }
  }),
  implement(contract.getSession, person => readSession(person)),
  implement(contract.signOut, async (person, _, exchange) => {
    await signOutHere(person)
    exchange.setSession(null)
    return undefined
  }),
  implement(contract.switchTenant, async (person, { body }) => {
    await switchCompany(person, body.tenantId)
    return undefined
  }),
  implement(contract.updateMe, async (person, { body }) => {
    await changeAccount(person, body)
    return undefined
  }),
  implement(contract.changePassword, async (person, { body }, exchange) => {
    exchange.setSession(await changeOwnPassword(person, body, exchange.userAgent))
    return undefined
  }),
  implement(contract.listMySessions, person => readOwnSessions(person)),
  implement(contract.revokeMySession, async (person, { params }) => {
    await endOwnSession(person, params.id)
    return undefined
  }),
  implement(contract.revokeMyOtherSessions, async person => {
    await endOtherSessions(person)
    return undefined
  }),
  implement(contract.startSecondFactor, (person, { body }) => beginSecondFactor(person, body.password)),
  implement(contract.enableSecondFactor, async (person, { body }) => ({
    recoveryCodes: await completeSecondFactor(person, body.code),
  })),
  implement(contract.renewRecoveryCodes, async (person, { body }) => ({
    recoveryCodes: await renewCodes(person, body.password),
  })),
  implement(contract.disableSecondFactor, async (person, { body }) => {
    await removeSecondFactor(person, body.password, body.code)
    return undefined
  }),
  implement(contract.readInvitation, async (account, { body }) => {
    const { company, email, role, account: kind } = await lookUp(account, body.token)
    return { company, email, role, account: kind }
  }),
  implement(contract.acceptInvitation, async (account, { body }, exchange) => {
    const { state, token } = await accept(account, body, exchange.userAgent)
    exchange.setSession(token)
    return { state }
  }),
]
