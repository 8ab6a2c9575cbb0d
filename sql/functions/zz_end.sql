-- SPDX-License-Identifier: Apache-2.0
-- Last of the functions, by name: months ahead are made as soon as they can be.

select huiyin.partitions_ahead();

reset role;
