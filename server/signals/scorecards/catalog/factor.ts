import type { ScorecardDefinition } from '../contract/definition.ts'

type Factor = ScorecardDefinition['factors'][number]
type Input = Factor['input']
export type Shape = Factor['shape']

export const linear = (from: number, to: number): Shape => ({ kind: 'linear', from, to })
export const percent = linear(0, 100)

/** A factor of a ready-made scorecard. */
export function factor(
  key: string,
  nameJa: string,
  nameEn: string,
  weight: number,
  input: Input,
  shape: Shape,
  group?: string,
): Factor {
  return { key, nameJa, nameEn, weight, input, shape, ...(group && { group }) }
}

export const metric = (key: string): Input => ({ metric: key })
