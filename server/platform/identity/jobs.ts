import { z } from 'zod'
import { accountJob } from '../work/definition.ts'
import { accountRecord, recordAccount } from './commands/account-record.ts'
import { forgetExpired } from './commands/forget.ts'
import { completeResetRequest } from './commands/password.ts'
import { completeResend, completeSignUp, openPayload, type SignUpRequest } from './commands/sign-up.ts'

const sealed = z.object({ box: z.string() })

export const jobs = [
  accountJob({
    name: 'identity.provision',
    payload: sealed,
    handle: (account, { box }) => completeSignUp(account, openPayload<SignUpRequest>(account, box)),
  }),
  accountJob({
    name: 'identity.resend-verification',
    payload: sealed,
    handle: (account, { box }) => completeResend(account, openPayload<{ email: string }>(account, box).email),
  }),
  accountJob({
    name: 'identity.request-reset',
    payload: sealed,
    handle: (account, { box }) => completeResetRequest(account, openPayload<{ email: string }>(account, box).email),
  }),
  accountJob({ name: 'identity.record-account', payload: accountRecord, handle: recordAccount }),
  accountJob({ name: 'identity.forget-expired', payload: z.object({}), schedule: '17 * * * *', handle: forgetExpired }),
]
