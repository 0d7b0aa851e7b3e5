import type { AlertRoute } from '../../../../server/engage/alerts/contract/rules.ts'
import { ConditionBuilder } from '../../../features/conditions/builder.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Button, IconButton, Segments } from '../../../kit/button.tsx'
import { Channels } from './channels.tsx'
import { Recipients } from './recipients.tsx'

const mostRoutes = 10

interface RoutingFieldsProps {
  routing: readonly AlertRoute[]
  /** Company figures have no customers to tell apart. */
  byCustomer: boolean
  onChange: (routing: AlertRoute[]) => void
}

/** Who has to see to the alerts and who is told, line by line. */
export function RoutingFields({ routing, byCustomer, onChange }: RoutingFieldsProps) {
  const t = useText()
  const set = (place: number, route: AlertRoute) => onChange(routing.map((each, at) => (at === place ? route : each)))
  return (
    <div className="grid grid-cols-1 gap-5">
      {routing.map((route, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity than their place
        <fieldset key={place} className="l-route">
          <legend className="k-hidden">{t('rules.route', { number: place + 1 })}</legend>
          {byCustomer && (
            <div className="l-route-head">
              <Segments
                label={t('rules.route', { number: place + 1 })}
                size="small"
                value={route.when === null ? 'all' : 'some'}
                options={[
                  { value: 'some', label: t('rules.routeSome') },
                  { value: 'all', label: t('rules.routeAll') },
                ]}
                onChange={value => set(place, { ...route, when: value === 'all' ? null : { all: [] } })}
              />
              <span>
                {place > 0 && (
                  <IconButton
                    icon="chevron-up"
                    label={t('rules.moveUp', { number: place + 1 })}
                    onClick={() => onChange(movedUp(routing, place))}
                  />
                )}
                {routing.length > 1 && (
                  <IconButton
                    icon="close"
                    label={t('rules.removeRoute', { number: place + 1 })}
                    onClick={() => onChange(routing.filter((_, at) => at !== place))}
                  />
                )}
              </span>
            </div>
          )}
          {route.when !== null && byCustomer && (
            <ConditionBuilder record="customer" value={route.when} onChange={when => set(place, { ...route, when })} />
          )}
          <Recipients
            label={t('rules.assign')}
            hint={t('rules.assignHint')}
            most={5}
            value={route.assign}
            onChange={assign => set(place, { ...route, assign })}
          />
          <Recipients
            label={t('rules.notify')}
            most={10}
            value={route.notify}
            onChange={notify => set(place, { ...route, notify })}
          />
          <Channels chosen={route.channels} onChange={channels => set(place, { ...route, channels })} />
        </fieldset>
      ))}
      {byCustomer && routing.length < mostRoutes && (
        <div>
          <Button
            size="small"
            kind="dashed"
            icon="plus"
            onClick={() =>
              onChange([{ when: { all: [] }, assign: [{ kind: 'owner' }], notify: [], channels: [] }, ...routing])
            }
          >
            {t('rules.addRoute')}
          </Button>
        </div>
      )}
    </div>
  )
}

function movedUp(routing: readonly AlertRoute[], place: number): AlertRoute[] {
  const moved = [...routing]
  moved.splice(place - 1, 2, routing[place]!, routing[place - 1]!)
  return moved
}
