import { type Connection, ConnectionLost } from '../engine/connection.ts';
import type { Shadow } from './shadow.ts';

/** Why nothing further is begun; undefined as long as there is time. */
export type Over = () => string | undefined;

/**
 * The same shadow, whose sessions answer nothing once the time is over: the statement that runs at that moment has a
 * limit of its own, and no other begins.
 */
export function withinTime(shadow: Shadow, over: Over): Shadow {
  // The same one for the same session: what is known of a session is kept by it.
  const guards = new WeakMap<Connection, Connection>();
  const guard = (connection: Connection): Connection => {
    const one = guards.get(connection) ?? guarded(connection, over);
    guards.set(connection, one);
    return one;
  };
  return new Proxy(shadow, {
    get(target, key) {
      if (key === 'session') return guard(target.session);
      if (key === 'observer') return target.observer && guard(target.observer);
      return bound(target, key);
    },
  });
}

function guarded(connection: Connection, over: Over): Connection {
  return new Proxy(connection, {
    get(target, key) {
      const because = key === 'run' || key === 'query' ? over() : undefined;
      if (because === undefined) return bound(target, key);
      return () => Promise.reject(new ConnectionLost('time', because));
    },
  });
}

function bound<T extends object>(target: T, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === 'function' ? value.bind(target) : value;
}
