import { useMemo, useState } from 'react'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Field } from '../../kit/field.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { timeZoneOptions } from '../../kit/time-zones.ts'

/** The time zone of a record, by name; without one that of the customer or the company counts. */
export function TimeZoneField({ record, value }: { record: 'customer' | 'contact'; value: string | null }) {
  const t = useText()
  const { locale } = useLocale()
  const [zone, setZone] = useState(value ?? '')
  const options = useMemo(
    () => [
      { value: '', label: t(record === 'contact' ? 'record.timeZone.of.contact' : 'record.timeZone.of.customer') },
      ...timeZoneOptions(locale, value ?? 'UTC'),
    ],
    [locale, record, value, t],
  )
  return (
    <Field label={t('record.field.timeZone')} name="timeZone" hint={t('record.timeZone.hint')}>
      <SearchSelect
        label={t('record.field.timeZone')}
        options={options}
        value={zone}
        onChange={setZone}
        placeholder={t('record.timeZone.search')}
        none={t('record.timeZone.none')}
      />
    </Field>
  )
}
