import { describe, expect, it } from 'vitest'
import { contactField, customerField } from '../ingest/traits.ts'
import { contactTargets } from './catalog/contacts.ts'
import { customerTargets } from './catalog/customers.ts'
import { readCell } from './cell.ts'

const reading = { dateOrder: 'mdy', decimal: '.', timeZone: 'Asia/Tokyo', today: '2029-01-10' } as const

describe('FLW-2 time zones that arrive', () => {
  it('by import: names of the IANA database, others are told', () => {
    for (const targets of [contactTargets, customerTargets]) {
      const target = targets.find(({ name }) => name === 'timeZone')!
      expect(readCell(target, ' America/New_York ', reading)).toEqual({ value: 'America/New_York' })
      expect(readCell(target, '', reading)).toEqual({ value: undefined })
      expect(readCell(target, '未設定', reading)).toEqual({ value: undefined })
      for (const wrong of ['+09:00', '東京'])
        expect(readCell(target, wrong, reading)).toHaveProperty('problem', 'not_choice')
    }
  })

  it('by the traits of the product', () => {
    for (const field of [contactField, customerField]) {
      expect(field('timezone', 'Europe/Berlin')).toEqual({ field: 'timeZone', value: 'Europe/Berlin' })
      expect(field('timezone', '+01:00')).toBeUndefined()
    }
  })
})
