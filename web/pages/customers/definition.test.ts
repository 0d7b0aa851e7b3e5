import { describe, expect, test } from 'vitest'
import type { SavedView } from '../../../server/customers/views/contract.ts'
import { definitionOf, filterQuery, isChanged, savedForm } from './definition.ts'
import { customersSearchOf } from './search.ts'

const saved: SavedView[] = [
  {
    id: 'v1',
    screen: 'customers',
    name: '製造業',
    shared: false,
    mine: true,
    ownerName: null,
    definition: { filter: '{"all":[{"field":"tags","op":"in","value":["製造"]}]}', sort: 'arr', order: 'desc' },
  },
]

describe('what the table shows', () => {
  test('is the view, with what the address says otherwise', () => {
    expect(definitionOf({ view: 'v1' }, saved)).toMatchObject({ sort: 'arr', order: 'desc', mine: 'any' })
    expect(isChanged({ view: 'v1' }, saved)).toBe(false)
    const changed = { view: 'v1', filter: [], sort: 'name' }
    expect(definitionOf(changed, saved)).toMatchObject({ filter: [], sort: 'name', order: 'desc' })
    expect(isChanged(changed, saved)).toBe(true)
  })

  test('comes back as it was saved', () => {
    const definition = definitionOf({ view: 'renewal', columns: ['name', 'arr'], mine: 'team' }, [])
    const [view] = [{ ...saved[0]!, id: 'v2', definition: savedForm(definition) }]
    expect(definitionOf({ view: 'v2' }, [view])).toEqual(definition)
  })

  test('asks only for conditions that have a value', () => {
    const filter = [
      { field: 'tags', op: 'in', value: [] },
      { field: 'arr', op: 'at_least', value: 0 },
      { field: 'ownerId', op: 'is_empty' },
    ] as const
    const { filter: asked } = filterQuery({
      ...definitionOf({}, []),
      filter: filter.map(each => ({ ...each })) as never,
    })
    expect(JSON.parse(asked ?? '')).toEqual({ all: [filter[1], filter[2]] })
  })

  test('leaves out of an address what is none of it', () => {
    expect(customersSearchOf({ view: 7, filter: 'x', mine: 'everybody', order: 'up', columns: ['name', 3] })).toEqual({
      view: '7',
      columns: ['name'],
    })
  })
})
