/** A notation that strongSwan reads. */
export type ConfNotation = 'swanctl.conf' | 'ipsec.conf';
