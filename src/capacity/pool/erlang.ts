/**
 * Probability that a request finds all of `servers` busy and waits, in a queue with Poisson arrivals (M/M/c).
 *
 * Source: Kleinrock, _Queueing Systems_, vol. 1, § 3.5 (Erlang's C formula), by the recursion of the B formula.
 *
 * @param load offered, in servers that it would keep busy: arrivals a second × mean seconds of service; at least 0
 * @returns 1 where the load is not below the servers: the queue has no end
 */
export function erlangC(load: number, servers: number): number {
  if (load <= 0) return 0;
  if (load >= servers) return 1;
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked / (1 - (load / servers) * (1 - blocked));
}

/** The fewest servers at which at most a share of the requests waits. */
export function serversNeeded(load: number, mostWaiting: number): number {
  let servers = Math.max(1, Math.floor(load) + 1);
  while (erlangC(load, servers) > mostWaiting) servers++;
  return servers;
}
