import { useText } from '../../i18n/provider.tsx'
import { SkeletonText } from '../../kit/skeleton.tsx'

interface ReachProps {
  /** undefined while it is counted. */
  preview: { matched: number; samples: readonly string[] } | undefined
}

/** Whom a change of many reaches, before it is made: how many, and some by name. */
export function Reach({ preview }: ReachProps) {
  const t = useText()
  if (!preview)
    return (
      <div className="c-samples">
        <SkeletonText width={200} />
      </div>
    )
  const { matched, samples } = preview
  const rest = matched - samples.length
  return (
    <div className="c-samples" role="status">
      <p>{t('customers.reach', { count: matched })}</p>
      {samples.length > 0 && (
        <p className="text-t3">
          {samples.join(t('record.comma'))}
          {rest > 0 && ` ${t('customers.reachMore', { count: rest })}`}
        </p>
      )}
    </div>
  )
}
