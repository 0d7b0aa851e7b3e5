import { useCallback, useMemo } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { listMovements } from '../../../server/customers/contracts/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { ChartFrame } from '../../kit/chart-frame.tsx'

/** The ledger of the recurring revenue: how it came to be what it is. */
export function Movements({ customer }: { customer: Customer }) {
  const t = useText()
  const format = useFormat()
  const { data } = useRoute(listMovements, { params: { id: customer.id } })
  const items = useMemo(() => data?.items ?? [], [data])
  const today = format.today()
  const option = useCallback(
    () => ({
      grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis', valueFormatter: (value: number) => format.money(value, customer.currency) },
      xAxis: { type: 'time', axisLabel: { formatter: (value: number) => format.shortDay(value), hideOverlap: true } },
      yAxis: {
        type: 'value',
        axisLabel: { formatter: (value: number) => format.shortMoney(value, customer.currency) },
      },
      series: [
        {
          type: 'line',
          step: 'end',
          name: t('customers.column.mrr'),
          symbol: 'circle',
          symbolSize: 5,
          data: [
            ...items.map(item => [Date.parse(item.occurredOn), item.mrrAfter]),
            [Date.parse(today), items.at(-1)?.mrrAfter ?? 0],
          ],
        },
      ],
    }),
    [t, format, items, customer.currency, today],
  )
  if (items.length === 0) return null
  const last = items.at(-1)
  const peak = Math.max(...items.map(item => item.mrrAfter))
  const now = format.money(last?.mrrAfter ?? 0, customer.currency)
  return (
    <div className="my-6">
      <ChartFrame
        title={
          (last?.mrrAfter ?? 0) < peak
            ? t('customer.revenueBelow', { now, peak: format.money(peak, customer.currency) })
            : t('customer.revenueAt', { now })
        }
        sub={t('customer.revenueSub', { count: items.length })}
        option={option}
        height={180}
        table={{
          head: [
            t('customer.movementOn'),
            t('customer.movementKind'),
            t('customer.amount'),
            t('customer.movementAfter'),
          ],
          rows: items
            .toReversed()
            .map(item => [
              format.day(item.occurredOn),
              t(`record.kind.revenue.${item.kind.toLowerCase() as 'new'}`),
              format.money(item.amount, item.currency),
              format.money(item.mrrAfter, item.currency),
            ]),
        }}
        definition={t('customer.revenueDefinition')}
      />
    </div>
  )
}
