import { useText } from '../../i18n/provider.tsx'
import { Avatar } from '../../kit/badge.tsx'
import './record.css'

/** Who looks after a customer: sign and name. */
export function Owner({ name }: { name: string | null }) {
  const t = useText()
  if (!name) return <span className="text-t3">{t('customers.nobody')}</span>
  return (
    <span className="r-owner" title={name}>
      <Avatar name={name} />
      <span>{name}</span>
    </span>
  )
}
