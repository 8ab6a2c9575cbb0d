-- SPDX-License-Identifier: Apache-2.0
-- First of the views, by name: all of them are made by and for huiyin_owner.

set local role huiyin_owner;
