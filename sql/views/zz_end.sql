-- SPDX-License-Identifier: Apache-2.0
-- Last of the views, by name.

reset role;
