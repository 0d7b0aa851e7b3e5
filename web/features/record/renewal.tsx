import type { Format } from '../../i18n/format.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'

/** Days within which a renewal is urgent. */
const urgentWithin = 30

/** Days from today to a calendar day; negative where it has passed. */
function daysUntil(day: string, format: Format): number {
  return Math.round((Date.parse(day) - Date.parse(format.today())) / 86_400_000)
}

/** Days left until a day: red when it is near or has passed. `spoken` where no head says what the number is. */
export function DaysLeft({ day, spoken }: { day: string; spoken?: boolean }) {
  const t = useText()
  const format = useFormat()
  const days = daysUntil(day, format)
  return (
    <span className={days <= urgentWithin ? 'text-red' : 'text-t3'}>
      {days < 0
        ? t('customers.daysPast', { days: -days })
        : t(spoken ? 'customers.inDays' : 'customers.daysLeft', { days })}
    </span>
  )
}

/** How long ago somebody talked with the customer: orange when it is long. */
export function LastContact({ at }: { at: string | null }) {
  const t = useText()
  const format = useFormat()
  if (!at) return <span className="text-t3">{t('customers.noContact')}</span>
  const days = (Date.now() - Date.parse(at)) / 86_400_000
  return (
    <span className={days > urgentWithin ? 'text-orange' : undefined} title={format.dateTime(at)}>
      {format.relative(at)}
    </span>
  )
}
