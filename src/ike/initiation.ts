import type { ChildConfig, Connection, StartAction } from './connection.ts';

/**
 * What makes an end initiate a child. Each is `none` where the end has nobody to initiate to: no address, or any
 * (sa/ike_sa.c, resolve_hosts).
 */
export interface Initiation {
  /** `start_action`: at load, or at the first packet for the child. */
  readonly atLoad: StartAction;
  /**
   * `dpd_action`: once a peer that answers nothing is given up. An IKE_SA is initiated again by what its children say,
   * whoever initiated it first (sa/ike_sa.c, reestablish).
   */
  readonly afterDpd: StartAction;
  /** `close_action`: once the peer has closed the child. */
  readonly afterClose: StartAction;
  /**
   * Whether a packet ever comes to a trap while the tunnel is down: not where a script (`updown`) takes the interface of
   * the child up and down with it.
   */
  readonly trapFires: boolean;
}

export function initiationOf(connection: Connection, child: ChildConfig): Initiation {
  const can = canInitiate(connection);
  const of = (action: StartAction): StartAction => (can ? action : 'none');
  return {
    atLoad: of(child.startAction),
    afterDpd: of(child.dpdAction),
    afterClose: of(child.closeAction),
    trapFires: child.section.updown === undefined,
  };
}

/** Whether an end has an address that it can initiate to. */
export function canInitiate({ remoteHosts }: Connection): boolean {
  return remoteHosts.length > 0 && remoteHosts.every(({ kind }) => kind !== 'any');
}

/** Whether an end initiates a child at all: at load, on traffic, after DPD or after a close. */
export function mayInitiate({ atLoad, afterDpd, afterClose }: Initiation): boolean {
  return [atLoad, afterDpd, afterClose].some((action) => action !== 'none');
}

/** Whether an end brings a child back that was lost: by itself, or at the next packet for it. */
export function restores({ atLoad, afterDpd, trapFires }: Initiation): boolean {
  return afterDpd === 'start' || (trapFires && [atLoad, afterDpd].includes('trap'));
}
