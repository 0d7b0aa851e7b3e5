import { exportCustomers } from '../../../server/customers/accounts/contract/customers.ts'
import { addressOf } from '../../api/client.ts'
import { useMay } from '../../api/session.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import type { Definition, filterQuery } from './definition.ts'

interface ExportMenuProps {
  query: ReturnType<typeof filterQuery>
  sort: Definition['sort']
  order: Definition['order']
  columns: readonly string[]
}

/** Columns that stand for others and have no value of their own. */
const derived = new Set(['daysLeft'])

/** Takes the list along as a file, with the conditions and columns that are shown. */
export function ExportMenu({ query, sort, order, columns }: ExportMenuProps) {
  const t = useText()
  if (!useMay('customers.export')) return null
  const names = columns.filter(name => !derived.has(name)).join(',')
  const save = (format: 'csv' | 'xlsx') =>
    location.assign(addressOf(exportCustomers, { query: { ...query, sort, order, format, columns: names } }))
  return (
    <Menu
      trigger={
        <Button size="small" icon="download">
          {t('customers.export')}
        </Button>
      }
    >
      <MenuItem onSelect={() => save('csv')}>{t('customers.export.csv')}</MenuItem>
      <MenuItem onSelect={() => save('xlsx')}>{t('customers.export.xlsx')}</MenuItem>
    </Menu>
  )
}
