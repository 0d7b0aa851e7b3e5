import { z } from 'zod'
import { line } from '../../http/contract.ts'
import { roles } from '../../permissions/contract.ts'

const ofRole = z.strictObject({ kind: z.literal('role'), role: z.enum(roles) })

/** People of the company that rules name: a member, everybody of a role, everybody of a team. */
export const colleagueKinds = [
  ofRole,
  z.strictObject({ kind: z.literal('member'), id: z.uuid() }),
  z.strictObject({ kind: z.literal('team'), id: z.uuid() }),
] as const
export const colleague = z.discriminatedUnion('kind', colleagueKinds)
export type ColleagueChoice = z.output<typeof colleague>

/** The same in a blueprint: people and teams by what they are called everywhere. */
export const portableColleagueKinds = [
  ofRole,
  z.strictObject({ kind: z.literal('member'), email: z.email() }),
  z.strictObject({ kind: z.literal('team'), name: line(100) }),
] as const
export const portableColleague = z.discriminatedUnion('kind', portableColleagueKinds)
