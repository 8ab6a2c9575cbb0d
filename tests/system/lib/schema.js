// SPDX-License-Identifier: Apache-2.0
// The part of JSON Schema that openrpc.json uses, and what is in that file.
import { readFileSync } from 'node:fs';
import { root } from './place.js';

export const openrpc = JSON.parse(
	readFileSync(`${root}/client-lib/openrpc.json`, 'utf8'));
export const acts = new Map(openrpc.methods.map((m) => [m.name, m]));
export const news = new Map(openrpc['x-news'].map((n) => [n.name, n]));
export const refusals = openrpc.components.errors;

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$/;

const typeOf = (value) => {
	if (value === null)
		return 'null';
	if (Array.isArray(value))
		return 'array';
	return Number.isInteger(value) ? 'integer' : typeof value;
};

function faultOfText(schema, value, path) {
	if (schema.enum && !schema.enum.includes(value))
		return `${path} is ${value}`;
	if (schema.pattern && !new RegExp(schema.pattern).test(value))
		return `${path} does not match ${schema.pattern}`;
	if (schema.format === 'date-time' && !time.test(value))
		return `${path} is no time: ${value}`;
	return undefined;
}

// What is wrong with value; undefined when nothing is. Unknown keys pass:
// clients ignore them.
export function faultOf(schema, value, path = '') {
	const types = [schema.type].flat();
	const type = typeOf(value);
	if (schema.type && !types.includes(type))
		return `${path} is ${type}, not ${types}`;
	if (type === 'string')
		return faultOfText(schema, value, path);
	if (type === 'array' && schema.items)
		for (const [i, item] of value.entries()) {
			const fault = faultOf(schema.items, item, `${path}[${i}]`);
			if (fault)
				return fault;
		}
	if (type === 'object')
		for (const [key, one] of Object.entries(schema.properties ?? {})) {
			if (!(key in value))
				continue;
			const fault = faultOf(one, value[key], `${path}.${key}`);
			if (fault)
				return fault;
		}
	return undefined;
}

// The fields an object has: those of its rows, or those its row names in braces,
// as {code, name?}; what is below these is described elsewhere.
const namesOf = (schema) => (schema.properties ?
	Object.keys(schema.properties) :
	/\{([^}]*)\}/.exec(schema.description ?? '')?.[1]
		.split(',').map((name) => name.trim().replace(/\?$/, '')) ?? []);

// All columns that the rows of an act name, without [].
export function columnsOf(schema, path = '') {
	if (schema.items)
		return columnsOf(schema.items, path);
	const names = namesOf(schema);
	if (names.length === 0)
		return [path];
	return names.flatMap((name) => columnsOf(
		schema.properties?.[name] ?? {}, path ? `${path}.${name}` : name));
}

// All columns of an answer that are above those which no row names.
export function columnsIn(schema, value, path = '') {
	if (Array.isArray(value))
		return value.flatMap((one) => columnsIn(schema.items ?? schema, one, path));
	if (namesOf(schema).length === 0)
		return [path];
	if (typeOf(value) !== 'object')
		return []; // null
	return Object.entries(value).flatMap(([name, one]) => columnsIn(
		schema.properties?.[name] ?? {}, one, path ? `${path}.${name}` : name));
}

export const roleNames = ['visitor', 'kiosk', 'clerk', 'approver',
	'coordinator', 'keeper', 'relay', 'auditor', 'admin'];
